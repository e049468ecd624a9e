import {
  Table as ArrowTable,
  type RecordBatch,
  StructRow,
  tableFromArrays,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import type { ColumnExpression } from '../../../src/table/types.js';

/** Batches of one column `text`. */
export function textBatches(...batches: readonly (readonly (string | null)[])[]): RecordBatch[] {
  return batches.map((texts) => new ArrowTable({ text: vectorFromArray(texts, new Utf8()) }).batches[0]);
}

/** Batches of columns given as lists of values. */
export function batchOf(columns: Record<string, readonly unknown[]>): RecordBatch {
  return tableFromArrays(columns as Record<string, unknown[]>).batches[0];
}

/** All values of an expression's column, as plain values. */
export async function valuesOf(expression: ColumnExpression, batches: readonly RecordBatch[]): Promise<unknown[]> {
  const values: unknown[] = [];
  const field = expression.field('made', batches[0].schema);
  for await (const { batch, column } of expression.evaluate(stream(batches), {})) {
    if (column.length !== batch.numRows) throw new Error(`${column.length} values for ${batch.numRows} rows`);
    if (String(column.type) !== String(field.type)) throw new Error(`${column.type} instead of ${field.type}`);
    for (const value of column) values.push(plain(value));
  }
  return values;
}

async function* stream(batches: readonly RecordBatch[]): AsyncGenerator<RecordBatch> {
  yield* batches;
}

function plain(value: unknown): unknown {
  if (value instanceof Vector) return Array.from(value, plain);
  if (value instanceof StructRow) return Object.fromEntries([...value].map(([name, field]) => [name, plain(field)]));
  return value;
}
