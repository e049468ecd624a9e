import { type RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { appendColumn, requireColumn, schemaWith, selectColumns, selectFields } from './columns.js';
import { firstParts, jointParts } from './parts.js';
import { type Row, rowsOf } from './record.js';
import { RowRange } from './rowRange.js';
import { takeRows } from './takeRows.js';
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
    parts: () => jointParts([source]),
    batches: (request = {}) => source.batches({ ...request, columns: request.columns ?? names }),
  };
}

/** The rows that the function accepts. */
export function filtered(source: Source, accepts: (row: Row) => boolean): Source {
  async function* batches(request: ReadRequest): AsyncGenerator<RecordBatch> {
    const range = new RowRange(request);
    if (range.isOver) return;
    for await (const batch of source.batches({ signal: request.signal })) {
      const { offset = 0, limit = Number.POSITIVE_INFINITY } = range.rest;
      const accepted: number[] = [];
      let row = 0;
      for (const record of rowsOf(batch)) {
        if (accepted.length >= offset + limit) break;
        if (accepts(record)) accepted.push(row);
        row++;
      }
      const { start, end } = range.take(accepted.length);
      if (start === end) continue;
      yield takeRows(request.columns ? selectColumns(batch, request.columns) : batch, accepted.slice(start, end));
      if (range.isOver) return;
    }
  }
  return { ...known(source), schema: source.schema, batches: (request = {}) => batches(request) };
}

export function limited(source: Source, rows: number): Source {
  const within = ({ offset = 0, limit = rows }: ReadRequest) => Math.max(0, Math.min(rows - offset, limit));
  return {
    ...known(source),
    schema: source.schema,
    rows: source.rows === undefined ? undefined : Math.min(rows, source.rows),
    parts: async () => firstParts(await jointParts([source]), rows),
    batches: (request = {}) => source.batches({ ...request, limit: within(request) }),
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
    parts: () => jointParts([source]),
    batches: (request = {}) =>
      request.columns && !request.columns.includes(name) ? source.batches(request) : batches(request),
  };
}

/** The rows of the given numbers, in the order of the table. */
export function picked(source: Source, rows: readonly number[]): Source {
  async function* batches(request: ReadRequest): AsyncGenerator<RecordBatch> {
    const { offset = 0, limit = rows.length } = request;
    const wanted = rows.slice(offset, offset + limit);
    if (wanted.length === 0) return;
    let start = wanted[0];
    let next = 0;
    const span = { offset: start, limit: wanted[wanted.length - 1] + 1 - start };
    for await (const batch of source.batches({ ...request, ...span })) {
      const inBatch: number[] = [];
      for (; next < wanted.length && wanted[next] < start + batch.numRows; next++) inBatch.push(wanted[next] - start);
      if (inBatch.length > 0) yield takeRows(batch, inBatch);
      start += batch.numRows;
    }
  }
  return { ...known(source), schema: source.schema, rows: rows.length, batches: (request = {}) => batches(request) };
}

function known({ label, files, version }: Source): Pick<Source, 'label' | 'files' | 'version'> {
  return { label, files, version };
}

/** Tables that lie in memory, or come from elsewhere. */
export function memorySource(
  label: string,
  schema: Schema,
  batches: () => AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  rows?: number,
): Source {
  async function* read({ columns, signal, ...rows }: ReadRequest): AsyncGenerator<RecordBatch> {
    const range = new RowRange(rows);
    if (range.isOver) return;
    for await (const batch of batches()) {
      signal?.throwIfAborted();
      if (range.skips(batch.numRows)) continue;
      yield range.cut(columns ? selectColumns(batch, columns) : batch);
      if (range.isOver) return;
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
