import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { writeProblem } from './problems.js';
import { syncNames } from './sync.js';

/** Readers see the old file or the new one, never a part of it; `durable` has it outlive a power cut. */
export function writeWhole(file: string, text: string, durable = true): void {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const handle = fs.openSync(temporary, 'wx', 0o644);
    try {
      fs.writeFileSync(handle, text);
      if (durable) fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw writeProblem(error, file);
  }
  if (durable) syncNames(path.dirname(file));
}

/** What a small JSON file holds: null if there is none, `damaged` is called if it cannot be understood. */
export function readState<T>(
  file: string,
  isState: (value: unknown) => value is T,
  damaged: (why: string) => void,
): T | null {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isState(value)) return value;
    damaged(`${file} does not hold what it should`);
  } catch {
    damaged(`${file} is no JSON`);
  }
  return null;
}
