import fs from 'node:fs';

/** Some file systems cannot sync folders, or files that were opened for reading. */
const CANNOT = new Set(['EINVAL', 'EBADF', 'EPERM', 'EISDIR']);

/** Has the bytes of a file, or the names in a folder, on the disk, as far as its file system can. */
export function syncToDisk(target: string): void {
  const handle = fs.openSync(target, 'r');
  try {
    fs.fsyncSync(handle);
  } catch (error) {
    if (!CANNOT.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * So that a name that was just made outlives a power cut. Never fails: the name is there for all to see, and whoever took this for a failure
 * of the work would clean up what readers use already.
 */
export function syncNames(folder: string): void {
  try {
    syncToDisk(folder);
  } catch {}
}
