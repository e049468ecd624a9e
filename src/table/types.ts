import type { Field, RecordBatch, Schema, Vector } from 'apache-arrow';

/** What one pass over a source wants. */
export interface ReadRequest {
  /** Only these columns, in this order; by default all. What is not asked for stays unread where the format allows it. */
  readonly columns?: readonly string[];
  /** Rows to pass over from the start; what can be left unread of them is. */
  readonly offset?: number;
  /** No more rows than these are needed, behind the offset: a source may stop reading early, never later than the batch that reaches it. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Where record batches come from: one implementation a format. Every call of `batches` is a pass from the start. */
export interface Source {
  /** As the user would name it: a path, a table's name, `stdin`. */
  readonly label: string;
  readonly schema: Schema;
  /** If it is known without reading everything. */
  readonly rows?: number;
  /** Absolute real paths of what is read (of a Delta table its folder too): an output must not be one of them. */
  readonly files: readonly string[];
  /** Of a Delta table: the one that is read. */
  readonly version?: number;
  /**
   * The files that rows come from, in the order of reading, so that a row's number tells its file and its number in there; counted by
   * reading if need be. Empty or absent where rows are of no file, or not all rows of one are there.
   */
  parts?(): Promise<readonly FilePart[]>;
  batches(request?: ReadRequest): AsyncIterable<RecordBatch>;
}

export interface FilePart {
  /** Its absolute real path, one of the source's files. */
  readonly file: string;
  readonly rows: number;
}

export type WriteMode = 'error' | 'overwrite' | 'append' | 'merge';

export interface WriteOptions {
  /** What happens if the target exists; `error` by default. */
  readonly mode?: WriteMode;
  /** Of a merge: the columns that name a row, unique in the target. */
  readonly mergeKey?: readonly string[];
  /** Of a merge: the columns that are written back; by default those that the target lacks or that were added by withColumn. */
  readonly mergeColumns?: readonly string[];
  /** Instead of what the target's extension says. */
  readonly format?: FormatName;
  /** CSV only. */
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each batch that was written, with the rows so far. */
  readonly onRows?: (rows: number) => void;
  /**
   * Of files: called when all rows are on the disk, right before they are put in the target's place; what it throws leaves the target as
   * it was. With `isPublished` it tells after a crash whether that was done. Delta tables have `transaction` for that.
   */
  readonly onReady?: (identity: FileIdentity) => void | Promise<void>;
  /** Of Delta tables: goes into the commit, which is refused if one of that application and version or a later one is there. */
  readonly transaction?: DeltaTransaction;
}

/** What tells a file from others, also under another name. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
  readonly size: string;
  /** Nanoseconds since 1970. */
  readonly modified: string;
}

export interface DeltaTransaction {
  /** A name of one's own choice; `publishedVersion` finds the commit by it. */
  readonly app: string;
  readonly version: number;
}

export interface WriteResult {
  /** The path or name that was written, as a user would type it again. */
  readonly target: string;
  readonly rows: number;
  /** The version of a Delta table that the commit made. */
  readonly version?: number;
}

/** Where record batches go. Nothing is visible before `publish`; `abort` leaves no trace. Either is called once, and nothing after it. */
export interface Sink {
  /** Resolves when the next batch may come: the back-pressure. */
  write(batch: RecordBatch): Promise<void>;
  publish(): Promise<WriteResult>;
  abort(): Promise<void>;
}

export type FormatName = 'parquet' | 'arrow' | 'arrows' | 'csv' | 'tsv' | 'jsonl' | 'delta' | 'text';

export interface ReadOptions {
  /** Instead of what the extension says. */
  readonly format?: FormatName;
  /** A Delta table's version; the current one by default. */
  readonly version?: number;
  /** CSV only: one character; a comma by default, a tab for .tsv. */
  readonly delimiter?: string;
  /** CSV only: whether the first record names the columns; true by default, else they are column_1, column_2, ... */
  readonly header?: boolean;
  readonly signal?: AbortSignal;
}

/** A new column, as `withColumn` takes it. `table/` knows nothing about models: those who compute implement this. */
export interface ColumnExpression {
  /** The columns it reads, by name. */
  readonly columns: readonly string[];
  /** The column it makes. Refuses a column that is missing (naming the nearest) or of the wrong type. */
  field(name: string, schema: Schema): Field;
  /**
   * One pass: for the batches in order, each batch (cut differently if that suits) with its column of equal length. Reads ahead by a bounded
   * number of rows. Returning early (`return()` of the iterator) or an abort stops all work.
   */
  evaluate(batches: AsyncIterable<RecordBatch>, how: { readonly signal?: AbortSignal }): AsyncIterable<ComputedColumn>;
}

export interface ComputedColumn {
  readonly batch: RecordBatch;
  readonly column: Vector;
}
