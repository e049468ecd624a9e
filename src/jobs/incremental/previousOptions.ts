import type { Schema, Struct } from 'apache-arrow';
import type { Source } from '../../table/types.js';

/** A column of the job. */
export interface PreviousColumn {
  /** Its name in the output. */
  readonly name: string;
  /** The columns that its function reads: texts, of `module` columns of any kind. */
  readonly texts: readonly string[];
  /** DetailedFunction.details. */
  readonly details: Struct;
}

export interface PreviousOptions {
  /** The last output that was published, all of its columns; null: there is none yet. */
  readonly output: Source | null;
  /** Of a Delta table: the version that the last run made, as which it was opened; else null. */
  readonly version: number | null;
  /** What is read now. */
  readonly source: Pick<Source, 'schema' | 'files' | 'label'>;
  /** The columns that name a row. */
  readonly key: readonly string[];
  readonly columns: readonly PreviousColumn[];
  /** The column of errors, if the output has one: a row that has one is computed again. */
  readonly errorColumn: string | null;
  /** Whether models, functions and their options are those of the last output. If not, nothing of it is known. */
  readonly isSameWork: boolean;
  readonly signal?: AbortSignal;
}

/** The columns that the functions read, each once. */
export function textColumns(columns: readonly PreviousColumn[]): string[] {
  return [...new Set(columns.flatMap(({ texts }) => texts))];
}

export function hasColumn({ fields }: Schema, name: string): boolean {
  return fields.some((field) => field.name === name);
}
