import type { RecordBatch } from 'apache-arrow';
import { requireColumn, requireText, selectColumns } from '../table/columns.js';
import { rowsOf } from '../table/record.js';
import type { Table } from '../table/table.js';
import { readKeys } from './keys.js';
import type { EvaluateOptions } from './options.js';
import type { EvaluatedText } from './types.js';

/** The rows that are evaluated. Quality is compared over all candidates at the end, so that they stay in memory: texts, references and keys. */
export interface EvaluationInput {
  readonly label: string;
  readonly textColumn: string;
  readonly texts: readonly EvaluatedText[];
  /** Of the text column and nothing else. */
  readonly batches: readonly RecordBatch[];
  readonly keys: readonly string[] | null;
  /** Takes the same rows of a table that has as many. */
  readonly narrow: (table: Table) => Table;
  /** Rows of the table that was given; of it, `texts` may be a part. */
  readonly allRows: () => Promise<number>;
}

/** Said first of all: a model may have to be converted before it is known to be right. */
export function checkColumns({ schema, label }: Table, { text, reference, key }: EvaluateOptions): void {
  requireText(schema, text, label);
  if (reference !== undefined) requireText(schema, reference, label);
  if (key !== undefined) requireColumn(schema, key, label);
}

/** The columns were checked. */
export async function readInput(table: Table, options: EvaluateOptions): Promise<EvaluationInput> {
  const { text, reference, key, signal } = options;
  const { label } = table;
  const narrow = (whole: Table) => narrowed(whole, options);
  const columns = [...new Set([text, reference, key])].filter((name) => name !== undefined);
  const texts: EvaluatedText[] = [];
  const keys: unknown[] = [];
  const batches: RecordBatch[] = [];
  for await (const batch of narrow(table).batches({ columns, signal })) {
    for (const row of rowsOf(batch)) {
      texts.push({ source: row[text] as string | null, reference: referenceOf(row, reference) });
      if (key !== undefined) keys.push(row[key]);
    }
    batches.push(selectColumns(batch, [text]));
  }
  return {
    label,
    textColumn: text,
    texts,
    batches,
    keys: key === undefined ? null : readKeys(keys, key, label).keys,
    narrow,
    allRows: () => table.count(),
  };
}

function referenceOf(row: Readonly<Record<string, unknown>>, column: string | undefined): string | null {
  return column === undefined ? null : (row[column] as string | null);
}

function narrowed(table: Table, { limit, sample, seed }: EvaluateOptions): Table {
  if (sample !== undefined) return table.sample(sample, seed);
  return limit === undefined ? table : table.limit(limit);
}
