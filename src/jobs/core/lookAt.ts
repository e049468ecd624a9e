import path from 'node:path';
import { lockOwner } from '../../files/lock.js';
import { readJournal } from '../journal/journal.js';
import type { JobRecord } from '../record.js';
import { findJob, listJobs } from '../store.js';
import { JobHistory } from './history.js';
import type { JournalRecord } from './journalRecords.js';
import { recordOf } from './recordOf.js';

export function historyOfJob(id: string): JobHistory {
  const file = path.join(findJob(id).folder, 'journal');
  return JobHistory.of(readJournal<JournalRecord>(file), file);
}

/** A job as its journal tells it now, also while another process works on it. */
export function lookAt(id: string): JobRecord {
  // The owner is asked first: one that ends in between has written what it did.
  const isAlive = lockOwner(path.join(findJob(id).folder, 'lock')) !== null;
  return recordOf(historyOfJob(id), isAlive);
}

/** Of all jobs, the newest first; one whose journal cannot be read is left out. */
export function historiesOf(): JobHistory[] {
  return listJobs()
    .toReversed()
    .flatMap(({ id }) => orNothing(() => historyOfJob(id)));
}

/** Of all jobs, the newest first; one whose journal cannot be read is left out, for `job show` to say why. */
export function lookAtAll(): JobRecord[] {
  return listJobs()
    .toReversed()
    .flatMap(({ id }) => orNothing(() => lookAt(id)));
}

function orNothing<Value>(look: () => Value): Value[] {
  try {
    return [look()];
  } catch {
    return [];
  }
}
