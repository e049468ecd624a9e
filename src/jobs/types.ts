import type { GenerationOptions } from '../engine/types.js';
import type { FormatName } from '../table/types.js';

/** What a job is to do: checked, complete, plain data. `spec/` makes it from a file; `precis summarize` makes one from its flags. */
export interface JobSpec {
  readonly name: string | null;
  readonly owner: string | null;
  readonly source: SourceSpec;
  /** The columns to make, in their order. */
  readonly columns: readonly ColumnSpec[];
  readonly output: OutputSpec;
  /** Columns that name a row in the file of failures and to merge and increment by; none: the row's number names it. */
  readonly key: readonly string[];
  readonly engine: EngineSpec;
  /** Rows of a partition, the unit that is committed; null: chosen from the model. */
  readonly partitionRows: number | null;
  readonly retry: {
    readonly maxRetries: number /** Seconds without a sign of life; null: the pool's own. */;
    readonly timeout: number | null;
  };
  /** Tries rows that failed with their own model. */
  readonly fallbackModel: string | null;
  /** So many rows may fail; -1: any number. */
  readonly errorThreshold: number;
  readonly partitionErrorThreshold: number;
  readonly filter: FilterSpec;
  readonly incremental: boolean;
  readonly cache: boolean;
  readonly lineage: boolean;
  readonly input: InputContract;
  readonly result: OutputContract;
  readonly cost: { readonly perThousandTokens: number; readonly max: number | null } | null;
  readonly routes: readonly { readonly where: string; readonly output: string }[];
  /** Seconds that one run may take. */
  readonly deadline: number | null;
  /** Run by the shell when the job ends in any other state than done; the record's path is in PRECIS_JOB_RECORD. */
  readonly onFailure: string | null;
}

export interface SourceSpec {
  readonly path: string;
  readonly format: FormatName | null;
  readonly version: number | null;
  readonly delimiter: string | null;
  readonly header: boolean;
  readonly limit: number | null;
  readonly sample: { readonly rows: number; readonly seed: number } | null;
  /** Files that have to be there, exactly. */
  readonly manifest: readonly ManifestEntry[] | null;
}

export interface ManifestEntry {
  /** Relative to the source's folder. */
  readonly file: string;
  readonly rows: number | null;
  readonly sha256: string | null;
}

export type FunctionName = 'summarize' | 'classify' | 'extract' | 'embed' | 'query' | 'module';

export interface ColumnSpec {
  readonly name: string;
  readonly fn: FunctionName;
  /** The column of texts; of `module` the columns it is given. */
  readonly text: string | readonly string[];
  readonly model: string | null;
  /** Of the function: generation and load options in camelCase, labels, fields, instruction, module, exportName, resultType ... */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface OutputSpec {
  readonly path: string;
  readonly format: FormatName | null;
  readonly mode: 'create' | 'append' | 'overwrite' | 'merge';
  readonly delimiter: string | null;
  readonly header: boolean;
  /** Whether rows that failed are in the output, with null and a reason in `errorColumn`; else only in the file of failures. */
  readonly keepFailed: boolean;
  /** Whether rows that the filter skipped are in the output, with null. */
  readonly keepFiltered: boolean;
  /** A column for why a row failed (a struct of code and message); null: none. */
  readonly errorColumn: string | null;
}

export interface EngineSpec {
  readonly model: string;
  readonly generation: GenerationOptions;
  readonly workers: number | null;
  readonly devices: readonly string[] | null;
  readonly isolation: 'process' | 'thread';
}

export interface FilterSpec {
  readonly nulls: boolean;
  readonly blank: boolean;
  /** Characters; 0: none. */
  readonly shorterThan: number;
}

export interface InputContract {
  readonly columns: Readonly<Record<string, ColumnContract>>;
  readonly rows: { readonly min: number | null; readonly max: number | null } | null;
}

export interface ColumnContract {
  /** As Arrow prints it (`Utf8`, `Int64`), or `text`, `number`, `boolean`, `time`. */
  readonly type: string | null;
  /** 0 to 1. */
  readonly maxNullShare: number | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

export interface OutputContract {
  readonly columns: Readonly<Record<string, ColumnContract>>;
}

export type JobState = 'planned' | 'running' | 'interrupted' | 'cancelled' | 'failed' | 'done';

/** Why a row has no result: no word of the row itself. */
export interface RowFault {
  readonly code: string;
  readonly message: string;
}
