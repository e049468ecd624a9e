import type { Data, DataType, RecordBatch, Struct } from 'apache-arrow';
import type { PoolOptions } from '../../pool/types.js';
import type { ColumnInput } from '../columns.js';
import type { AiName } from '../functions/aiOptions.js';
import type { UdfStats } from '../udfTypes.js';

/** A column to be made. */
export interface DetailedColumn {
  readonly fn: AiName | 'module';
  /** Null: the built-in model, and nothing for `module`. */
  readonly model: string | null;
  /** A text for each row; of `module` the names of the columns that it is given. */
  readonly text: ColumnInput | readonly string[];
  /** Of the function alone; of `module` { module, exportName, resultType, name, values, partitionRows }. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** How it is computed. */
export interface DetailedSetting
  extends Pick<PoolOptions, 'workers' | 'devices' | 'isolation' | 'maxRetries' | 'hangSeconds' | 'onEvent'> {
  readonly onProgress?: (stats: UdfStats) => void;
}

/** A function over a column that says for each row what became of it. No row fails a pass: one that crashes or hangs its worker is found and blamed alone. */
export interface DetailedFunction {
  /** Of the field `value`. */
  readonly type: DataType;
  /** See detailsType. */
  readonly details: Struct;
  readonly stats: UdfStats;
  /** The batches in order, cut differently if that suits, each with what became of its rows. */
  over(batches: AsyncIterable<RecordBatch>, how: DetailedPass): AsyncIterable<DetailedBatch>;
  close(): Promise<void>;
}

export interface DetailedPass {
  readonly signal?: AbortSignal;
  /** Workers get one row at a time, as rows that failed in company are tried again. */
  readonly apart?: boolean;
}

export interface DetailedBatch {
  readonly batch: RecordBatch;
  /** As many rows: a struct of `value` (null where there is none), `error` (a text `[scope] message`, null for rows that did not fail), `input_tokens`,
   * `output_tokens` (int32, null where unknown), `truncated` (bool). */
  readonly details: Data<Struct>;
}
