import fs from 'node:fs';

/** What is at the path, or undefined: also where the path leads through a file, of which Node's own option says nothing. */
export function statIfThere(path: string, how: 'stat' | 'lstat' = 'stat'): fs.Stats | undefined {
  try {
    return how === 'stat' ? fs.statSync(path) : fs.lstatSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
