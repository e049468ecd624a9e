import type { RecordBatch } from 'apache-arrow';
import type { GenerationOptions } from '../engine/types.js';
import type { PoolEvent, PoolOptions } from '../pool/types.js';
import type { ColumnExpression } from '../table/types.js';
import type { ColumnInput } from './columns.js';
import type { LongDocuments } from './longDocuments.js';
import type { ResultType } from './texts/resultType.js';
import type { LoadOptions, ScoreOptions } from './types.js';

export type OnError = 'fail' | 'null' | 'struct';

/** How texts become texts. */
export interface PredictOptions extends GenerationOptions, ScoreOptions {
  /** What happens to a document that is longer than the model reads; `truncate` by default. `mapReduce` is `map-reduce`, as the command line spells it. */
  readonly longDocuments?: LongDocuments | 'mapReduce';
  readonly signal?: AbortSignal;
}

/** How a column of texts becomes another column. */
export interface PredictVectorOptions extends PredictOptions {
  /** `string` by default. */
  readonly resultType?: ResultType;
  /** What a row that cannot be computed does: fail the whole call (default), become null, or say why in its struct's `error`. */
  readonly onError?: OnError;
}

export interface UdfOptions extends Omit<PredictVectorOptions, 'signal'>, LoadOptions {
  /** Equal texts of a pass are computed once; true by default. */
  readonly dedupe?: boolean;
  /** The most texts that a worker is given at once. */
  readonly partitionRows?: number;
  readonly workers?: number;
  readonly devices?: readonly string[];
  readonly isolation?: PoolOptions['isolation'];
  readonly maxRetries?: number;
  readonly hangSeconds?: number;
  /** A process warning at the end of a pass in which texts were cut; true by default. */
  readonly warn?: boolean;
  /** Called with the figures so far, a few times a second at most, and at the end of each pass. */
  readonly onProgress?: (stats: UdfStats) => void;
  readonly onEvent?: (event: PoolEvent) => void;
}

/** A row that failed and did not fail the call. */
export interface RowFailure {
  /** In its table, from 1. */
  readonly row: number;
  readonly reason: string;
}

/** What a function over texts has done since it was opened. Rows are counted where they come out; tokens and chunks where they are computed. */
export interface UdfStats {
  rows: number;
  /** Texts that the workers are done with, those of unfinished partitions included: what moves while rows do not. */
  texts: number;
  nulls: number;
  /** Rows that took the answer of an equal text. */
  duplicates: number;
  inputTokens: number;
  outputTokens: number;
  truncated: number;
  failed: number;
  /** The first of them. */
  readonly failures: RowFailure[];
  chunks: number;
  /** How long passes were under way. */
  seconds: number;
  /** One line a partition that was tried again: what happened to whom. */
  readonly retries: string[];
  hostPeakBytes: number | null;
  workers: number;
  precision: string;
}

/** What a text becomes: of `string` a text, of `string[]` and `double[]` a list, of `struct` an object. */
export type UdfValue = string | readonly string[] | readonly number[] | Readonly<Record<string, unknown>>;

export interface OverOptions {
  /** What is read of each batch. */
  readonly text: ColumnInput;
  /** The name of the new column; `generated_summary` by default. */
  readonly column?: string;
  readonly signal?: AbortSignal;
}

/** A model as a function over columns of text. */
export interface Udf {
  /** An expression for `withColumn`: nothing is computed before the table is written or collected. */
  (input: ColumnInput): ColumnExpression;
  readonly stats: UdfStats;
  /** The batches with the new column, as they come. */
  over(batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>, how: OverOptions): AsyncIterable<RecordBatch>;
  /** An answer for each text, in their order, as soon as it is there. */
  over(
    texts: AsyncIterable<string | null> | Iterable<string | null>,
    how?: { readonly signal?: AbortSignal },
  ): AsyncIterable<UdfValue | null>;
  /** Ends the workers. A script need not call it: workers at rest do not keep a process from ending. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
