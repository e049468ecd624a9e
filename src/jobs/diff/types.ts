export interface DiffOptions {
  /** The columns that name a row; none: its number does. */
  readonly key?: readonly string[];
  /** The columns that are compared; by default all that both have, without the key. */
  readonly columns?: readonly string[];
  /** So many differing rows are shown. */
  readonly show?: number;
  readonly signal?: AbortSignal;
}

/** Plain data, as `job diff --json` prints it. */
export interface DiffResult {
  readonly a: DiffSide;
  readonly b: DiffSide;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly same: boolean;
  readonly rows: {
    readonly equal: number;
    readonly changed: number;
    readonly only_in_a: number;
    readonly only_in_b: number;
  };
  /** Rows in which the column differs. */
  readonly changed_by_column: Readonly<Record<string, number>>;
  readonly schema: readonly SchemaDifference[];
  /** The first that differ, in the order of b, then those only in a. */
  readonly shown: readonly ShownRow[];
}

export interface DiffSide {
  readonly label: string;
  readonly rows: number;
}

export interface SchemaDifference {
  readonly column: string;
  /** null: the column is not there. */
  readonly a: string | null;
  readonly b: string | null;
}

export interface ShownRow {
  readonly kind: 'changed' | 'only_in_a' | 'only_in_b';
  /** Of the key's columns; without a key `row`, counted from 1. */
  readonly key: Readonly<Record<string, unknown>>;
  /** Of a changed row the columns that differ, else all that are compared. */
  readonly values: Readonly<Record<string, { readonly a?: unknown; readonly b?: unknown }>>;
}
