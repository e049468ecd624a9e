import path from 'node:path';
import type { UdfStats } from '../../predict/udfTypes.js';
import type { Journal } from '../journal/journal.js';
import type { JobObserver } from '../observe/observe.js';
import type { JobSpec } from '../types.js';
import type { JobHistory } from './history.js';
import type { JournalRecord } from './journalRecords.js';
import type { OpenWork } from './openWork.js';
import { recordOf } from './recordOf.js';

export interface RunHow {
  readonly action: 'run' | 'resume' | 'retry';
  readonly signal: AbortSignal;
  /** What planJob opened, if it was just planned; closed at the end like what a run opens itself. */
  readonly opened?: OpenWork;
  /** Computes again what a changed source or model makes different, instead of refusing. */
  readonly acceptChanges?: boolean;
  /** Publishes what there is where the job stops past its error threshold. */
  readonly publishPartial?: boolean;
  /** What the spec says otherwise from now on: another threshold. */
  readonly change?: (spec: JobSpec) => JobSpec;
  /** Of a retry: instead of the columns' own models. */
  readonly retryModel?: string;
  /** After each commit and now and then between. */
  readonly onProgress?: (history: JobHistory, underWay: UdfStats | null) => void;
  /** A line that a user may want to read: a retry, a lock that was taken over. */
  readonly say?: (line: string) => void;
  /** Metrics, logs and traces. */
  readonly observer?: JobObserver;
}

/** What changes a job's record. */
const TOLD: ReadonlySet<JournalRecord['kind']> = new Set(['run', 'partition', 'ended']);

/** One process at work on one job: what all of its steps share. */
export class Session {
  readonly segments: string;
  readonly clock = { tableMs: 0, engineMs: 0, loadMs: 0 };
  readonly events: string[] = [];

  constructor(
    readonly folder: string,
    readonly history: JobHistory,
    readonly journal: Journal<JournalRecord>,
    readonly how: RunHow,
  ) {
    this.segments = path.join(folder, 'segments');
  }

  /** In the journal first: what this process believes is never more than what a resume would find. */
  add(record: JournalRecord): void {
    this.journal.append(record);
    this.history.apply(record);
    if (TOLD.has(record.kind)) this.how.observer?.update(recordOf(this.history, true));
  }

  tell(line: string): void {
    this.events.push(line);
    this.how.say?.(line);
  }
}

export function now(): string {
  return new Date().toISOString();
}
