import fs from 'node:fs';
import path from 'node:path';
import { packageFolder } from './packageFolder.js';

/** The version in this package's package.json. */
export function packageVersion(): string {
  return JSON.parse(fs.readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')).version;
}
