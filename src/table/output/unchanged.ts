import fs from 'node:fs';
import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import type { Source } from '../types.js';

/** What tells a file from the one that had its name or its place before. */
export interface Stamp {
  readonly inode: bigint;
  readonly size: bigint;
  readonly modified: bigint;
}

export function stampOf(path: string): Stamp | null {
  const found = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.isFile() ? { inode: found.ino, size: found.size, modified: found.mtimeNs } : null;
}

/**
 * Refuses a pass over a file that is not what it was when it was opened: its columns may be others now. `stamp` was taken before
 * that. A file that is replaced during a pass does no harm, because the pass goes on in the old one; one that is written over does.
 */
export function unchanged(source: Source, path: string, stamp: Stamp | null): Source {
  if (!stamp) return source;
  async function* checked(batches: () => AsyncIterable<RecordBatch>): AsyncGenerator<RecordBatch> {
    if (!isSame(stampOf(path), stamp)) throw changed(path, 'since it was opened');
    yield* batches();
    const after = stampOf(path);
    if (after?.inode === stamp?.inode && !isSame(after, stamp)) throw changed(path, 'while it was read');
  }
  return { ...source, batches: (request) => checked(() => source.batches(request)) };
}

function isSame(a: Stamp | null, b: Stamp | null): boolean {
  return a?.inode === b?.inode && a?.size === b?.size && a?.modified === b?.modified;
}

function changed(path: string, when: string): PrecisError {
  return new PrecisError('table', {
    found: `${path} changed ${when}`,
    expected: 'a file that stays as it is while it is read',
    action: 'run again',
  });
}
