import path from 'node:path';
import { packageFolder } from '../../src/files/packageFolder.js';

/** The table that the demo summarizes; make-sample.ts wrote it. */
export const SAMPLE = path.join(packageFolder(), 'scripts', 'demo', 'sample.parquet');
