import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PrecisError } from '../../errors.js';
import { acquireLock, lockOwner } from '../../files/lock.js';
import { openJournal } from '../journal/journal.js';
import type { JobRecord } from '../record.js';
import { findJob } from '../store.js';
import { JobHistory } from './history.js';
import { CANCEL_FILE, type JournalRecord } from './journalRecords.js';
import { keepRecord } from './recordOf.js';
import { NO_FIGURES } from './runFigures.js';

/** A process that has not stopped by then is busy in a place where it cannot; it stops at its next commit. */
const PATIENCE_MS = 60_000;

/** Ends a job for good. A process that works on it is asked to stop, and says so in the journal itself. */
export async function cancelJob(id: string): Promise<JobRecord> {
  const folder = findJob(id).folder;
  const lockFile = path.join(folder, 'lock');
  const journalFile = path.join(folder, 'journal');
  fs.writeFileSync(path.join(folder, CANCEL_FILE), '');
  const owner = lockOwner(lockFile);
  if (owner !== null) await stopOwner(id, lockFile, owner);
  const lock = acquireLock(lockFile, { what: `job ${id}`, who: 'precis job cancel' });
  try {
    const { records, journal } = openJournal<JournalRecord>(journalFile);
    try {
      const history = JobHistory.of(records, journalFile);
      if (history.state === 'done') {
        throw new PrecisError('job', {
          found: `job ${id} is done`,
          expected: 'a job that is not',
          action: 'nothing was changed',
        });
      }
      if (history.state !== 'cancelled') {
        const ended = {
          kind: 'ended',
          state: 'cancelled',
          problem: null,
          figures: NO_FIGURES,
          at: new Date().toISOString(),
        } as const;
        journal.append(ended);
        history.apply(ended);
      }
      return keepRecord(folder, history);
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
    fs.rmSync(path.join(folder, CANCEL_FILE), { force: true });
  }
}

async function stopOwner(
  id: string,
  lockFile: string,
  owner: NonNullable<ReturnType<typeof lockOwner>>,
): Promise<void> {
  if (!owner.isHere) {
    throw new PrecisError('job', {
      found: `job ${id} is being worked on by process ${owner.pid} on ${owner.host}`,
      expected: 'a process of this machine',
      action: `cancel it there; it stops at its next commit, because it was asked to`,
    });
  }
  process.kill(owner.pid, 'SIGTERM');
  for (let waited = 0; waited < PATIENCE_MS && lockOwner(lockFile) !== null; waited += 100) await setTimeout(100);
}
