import type { FileIdentity } from '../../table/types.js';
import type { CheckedSoFar } from '../contract/checker.js';
import type { JobSpec, JobState } from '../types.js';
import type { Work } from './work.js';

/** The lines of a job's journal. What a job is follows from them alone; a line is true when it is on the disk, and never taken back. */
export type JournalRecord =
  | PlannedRecord
  | RunRecord
  | PartitionDone
  | DiscardedRecord
  | PublishingRecord
  | PublishedRecord
  | EndedRecord;

/** The first line. */
export interface PlannedRecord {
  readonly kind: 'planned';
  readonly id: string;
  readonly at: string;
  readonly spec: JobSpec;
  readonly work: Work;
}

/** A process began to work on the job. */
export interface RunRecord {
  readonly kind: 'run';
  readonly at: string;
  readonly action: 'run' | 'resume' | 'retry';
  readonly pid: number;
  readonly host: string;
  /** What this run goes by where it is not what was planned: the changes that were accepted, another model for a retry. */
  readonly work?: Work;
  readonly spec?: JobSpec;
}

/** The counts of a partition's rows. rows = succeeded + failed + filtered; carried and cached are part of succeeded. */
export interface Counts {
  readonly rows: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly filtered: number;
  readonly carried: number;
  readonly cached: number;
  readonly retried: number;
  readonly truncated: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The partition's segment is on the disk under its name. A later line of the same partition takes the place of an earlier one. */
export interface PartitionDone extends Counts {
  readonly kind: 'partition';
  readonly partition: number;
  /** From 0, in the source. */
  readonly firstRow: number;
  readonly segment: SegmentFile;
  /** What the input's contract counted up to here. */
  readonly checked: CheckedSoFar;
  readonly seconds: number;
  readonly at: string;
}

export interface SegmentFile {
  readonly file: string;
  readonly bytes: number;
  readonly crc32: number;
}

/** What was computed from this partition on is not used any more, because source or model changed and that was accepted. */
export interface DiscardedRecord {
  readonly kind: 'discarded';
  readonly from: number;
  readonly why: string;
  readonly at: string;
}

/** A file is complete under its temporary name and about to be put in its place; found there, it need not be made again. */
export interface PublishingRecord {
  readonly kind: 'publishing';
  readonly target: string;
  readonly identity: FileIdentity;
  /** Counts publications: a retry publishes once more. */
  readonly generation: number;
  readonly at: string;
}

export interface PublishedRecord {
  readonly kind: 'published';
  readonly generation: number;
  /** Of a Delta table. */
  readonly version: number | null;
  readonly rows: number;
  readonly failedRows: string | null;
  readonly at: string;
}

/** A process stopped working on the job. A run without it was killed. */
export interface EndedRecord {
  readonly kind: 'ended';
  readonly state: Exclude<JobState, 'planned' | 'running'>;
  readonly problem: string | null;
  readonly figures: RunFigures;
  readonly at: string;
}

/** What a run took. */
export interface RunFigures {
  readonly seconds: number;
  readonly tableSeconds: number;
  readonly engineSeconds: number;
  readonly modelLoadSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly enginePeakBytes: number | null;
  readonly events: readonly string[];
}

/** In a job's folder: whoever works on it shall stop for good. */
export const CANCEL_FILE = 'cancel';
