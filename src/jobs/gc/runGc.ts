import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { writeProblem } from '../../files/problems.js';
import type { GcItem, GcJob } from './planGc.js';

export interface GcResult {
  readonly removed: readonly GcItem[];
  /** Somebody began to work on it since the plan was made. */
  readonly spared: readonly GcItem[];
  readonly bytes: number;
}

/**
 * Removes what was planned. `hold` takes the job's lock, or returns null if somebody else has it; what it returns lets go.
 * A job disappears with one rename, so that nobody meets half of one.
 */
export function runGc(items: readonly GcItem[], hold: (job: GcJob) => (() => void) | null): GcResult {
  const removed: GcItem[] = [];
  const spared: GcItem[] = [];
  for (const item of items) {
    const release = item.job === null ? () => {} : hold(item.job);
    if (release === null) {
      spared.push(item);
      continue;
    }
    try {
      remove(item);
      removed.push(item);
    } finally {
      release();
    }
  }
  return { removed, spared, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function remove({ what, path: file, job }: GcItem): void {
  try {
    const doomed = what === 'job' ? outOfSight(file, path.dirname(file)) : file;
    fs.rmSync(doomed, { recursive: true, force: true });
    // A job's folder of segments stays, empty: whoever looks at the job finds what he expects.
    if (what === 'segments' && job !== null) fs.mkdirSync(file);
  } catch (error) {
    throw writeProblem(error, file);
  }
}

function outOfSight(folder: string, parent: string): string {
  const doomed = path.join(parent, `.removing-${path.basename(folder)}-${randomBytes(4).toString('hex')}`);
  try {
    fs.renameSync(folder, doomed);
  } catch (error) {
    // Another gc was first.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return doomed;
}
