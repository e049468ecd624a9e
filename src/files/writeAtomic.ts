import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { ErrorScope } from '../errors.js';
import { writeProblem } from './problems.js';
import { removeOnExit } from './removeOnExit.js';
import { removeQuietly } from './removeQuietly.js';
import { syncNames } from './sync.js';

/** Writes a small file, so that readers see the old text or the new one, also after a power cut. Only a killed process leaves `.NAME.precis-*.tmp`. */
export function writeAtomic(file: string, text: string, scope: ErrorScope = 'cache'): void {
  const name = `.${path.basename(file)}.precis-${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(file), name);
  const keep = removeOnExit(temporary);
  try {
    const handle = fs.openSync(temporary, 'wx');
    try {
      fs.writeFileSync(handle, text);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw writeProblem(error, file, scope);
  } finally {
    keep();
  }
  syncNames(path.dirname(file));
}
