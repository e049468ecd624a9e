import type { Data, RecordBatch, Struct } from 'apache-arrow';

/** What need not be computed of a batch. */
export interface Known {
  /** 1 for each row whose answers are known for all columns of the job. */
  readonly mask: Uint8Array;
  /** For each column of the job, as many rows as the batch: the details (predict/detailed/types.ts) of known rows, null for the others. */
  readonly details: readonly Data<Struct>[];
}

/** Answers from before: the last output of an incremental job, or the cache that jobs share. */
export interface KnownRows {
  lookup(batch: RecordBatch): Promise<Known>;
  /** Computed just now, without a failure where the mask is 1; `details` as in Known. Durable when it resolves, or not at all. */
  learn(batch: RecordBatch, mask: Uint8Array, details: readonly Data<Struct>[]): Promise<void>;
  close(): Promise<void>;
}
