import { type RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import {
  appendColumn,
  concatBatches,
  requireColumn,
  schemaWith,
  selectColumns,
  selectFields,
  sliceBatch,
} from './columns.js';
import { type Row, rowsOf } from './record.js';
import type { ColumnExpression, ReadRequest, Source } from './types.js';

/** Some of the columns, in the order of the names. */
export function selected(source: Source, names: readonly string[]): Source {
  const schema = selectFields(source.schema, names, source.label);
  if (new Set(names).size < names.length) {
    throw new PrecisError('column', { found: `the same column twice in ${names.join(', ')}`, expected: 'each once' });
  }
  return {
    ...known(source),
    rows: source.rows,
    schema,
    batches: (request = {}) => source.batches({ ...request, columns: request.columns ?? names }),
  };
}

/** The rows that the function accepts. */
export function filtered(source: Source, accepts: (row: Row) => boolean): Source {
  async function* batches(request: ReadRequest): AsyncGenerator<RecordBatch> {
    let left = request.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    for await (const batch of source.batches({ signal: request.signal })) {
      const rows: number[] = [];
      let row = 0;
      for (const record of rowsOf(batch)) {
        if (rows.length >= left) break;
        if (accepts(record)) rows.push(row);
        row++;
      }
      if (rows.length === 0) continue;
      left -= rows.length;
      yield takeRows(request.columns ? selectColumns(batch, request.columns) : batch, rows);
      if (left <= 0) return;
    }
  }
  return { ...known(source), schema: source.schema, batches: (request = {}) => batches(request) };
}

export function limited(source: Source, rows: number): Source {
  return {
    ...known(source),
    schema: source.schema,
    rows: source.rows === undefined ? undefined : Math.min(rows, source.rows),
    batches: (request = {}) => source.batches({ ...request, limit: Math.min(rows, request.limit ?? rows) }),
  };
}

/** With one more column, which is computed only by passes that want it. */
export function extended(source: Source, name: string, expression: ColumnExpression): Source {
  for (const column of expression.columns) requireColumn(source.schema, column, source.label);
  const schema = schemaWith(source.schema, expression.field(name, source.schema));
  async function* batches(request: ReadRequest): AsyncGenerator<RecordBatch> {
    const wanted = request.columns ?? schema.fields.map((field) => String(field.name));
    const field = schema.fields.find((candidate) => candidate.name === name)!;
    const carried = source.schema.fields.map((other) => String(other.name));
    const columns = carried.filter(
      (other) => (other !== name && wanted.includes(other)) || expression.columns.includes(other),
    );
    const input = source.batches({ ...request, columns });
    for await (const { batch, column } of expression.evaluate(input, { signal: request.signal })) {
      yield selectColumns(appendColumn(batch, field, column), wanted);
    }
  }
  return {
    ...known(source),
    schema,
    rows: source.rows,
    batches: (request = {}) =>
      request.columns && !request.columns.includes(name) ? source.batches(request) : batches(request),
  };
}

/** The rows of the given numbers, in the order of the table. */
export function picked(source: Source, rows: readonly number[]): Source {
  async function* batches(request: ReadRequest): AsyncGenerator<RecordBatch> {
    const wanted = rows.slice(0, request.limit);
    if (wanted.length === 0) return;
    let start = 0;
    let next = 0;
    for await (const batch of source.batches({ ...request, limit: wanted[wanted.length - 1] + 1 })) {
      const inBatch: number[] = [];
      for (; next < wanted.length && wanted[next] < start + batch.numRows; next++) inBatch.push(wanted[next] - start);
      if (inBatch.length > 0) yield takeRows(batch, inBatch);
      start += batch.numRows;
    }
  }
  return { ...known(source), schema: source.schema, rows: rows.length, batches: (request = {}) => batches(request) };
}

function known({ label, files }: Source): Pick<Source, 'label' | 'files'> {
  return { label, files };
}

/** Rows of a batch, at least one, in rising order. */
function takeRows(batch: RecordBatch, rows: readonly number[]): RecordBatch {
  if (rows.length === batch.numRows) return batch;
  const runs: RecordBatch[] = [];
  for (let i = 0; i < rows.length; ) {
    const start = i;
    while (i < rows.length && rows[i] - rows[start] === i - start) i++;
    runs.push(sliceBatch(batch, rows[start], rows[start] + i - start));
  }
  return concatBatches(runs);
}

/** Tables that lie in memory, or come from elsewhere. */
export function memorySource(
  label: string,
  schema: Schema,
  batches: () => AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  rows?: number,
): Source {
  async function* read({ columns, limit, signal }: ReadRequest): AsyncGenerator<RecordBatch> {
    let left = limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    for await (const batch of batches()) {
      signal?.throwIfAborted();
      yield sliceBatch(columns ? selectColumns(batch, columns) : batch, 0, left);
      left -= batch.numRows;
      if (left <= 0) return;
    }
  }
  return {
    label,
    schema: new Schema(schema.fields, schema.metadata),
    rows,
    files: [],
    batches: (request = {}) => read(request),
  };
}
