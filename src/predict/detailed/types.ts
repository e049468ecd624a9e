import type { Data, DataType, RecordBatch, Struct } from 'apache-arrow';
import type { UdfStats } from '../udfTypes.js';

/** A function over a column that says for each row what became of it. No row fails a pass: one that crashes or hangs its worker is found and blamed alone. */
export interface DetailedFunction {
  /** Of the field `value`. */
  readonly type: DataType;
  /** See detailsType. */
  readonly details: Struct;
  readonly stats: UdfStats;
  /** The batches in order, cut differently if that suits, each with what became of its rows. */
  over(batches: AsyncIterable<RecordBatch>, how: { readonly signal?: AbortSignal }): AsyncIterable<DetailedBatch>;
  close(): Promise<void>;
}

export interface DetailedBatch {
  readonly batch: RecordBatch;
  /** As many rows: a struct of `value` (null where there is none), `error` (a text `[scope] message`, null for rows that did not fail), `input_tokens`,
   * `output_tokens` (int32, null where unknown), `truncated` (bool). */
  readonly details: Data<Struct>;
}
