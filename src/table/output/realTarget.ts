import fs from 'node:fs';
import path from 'node:path';
import { statIfThere } from './statIfThere.js';

/** Links are followed to what they name, also to a file that is not there yet. */
export function realTarget(target: string): string {
  let real = path.resolve(target);
  for (let links = 0; links < 40; links++) {
    const found = statIfThere(real, 'lstat');
    if (!found?.isSymbolicLink()) break;
    real = path.resolve(path.dirname(real), fs.readlinkSync(real));
  }
  const folder = path.dirname(real);
  return fs.existsSync(folder) ? path.join(fs.realpathSync(folder), path.basename(real)) : real;
}
