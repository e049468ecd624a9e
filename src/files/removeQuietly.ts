import fs from 'node:fs';

/** For what is in nobody's way if it stays: an error would hide the one that matters. Returns whether it is gone. */
export function removeQuietly(file: string): boolean {
  try {
    fs.rmSync(file, { force: true });
    return true;
  } catch {
    return false;
  }
}
