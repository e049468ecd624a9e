import { type Data, type DataType, Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { jointParts, sumOfRows } from './parts.js';
import { RowRange } from './rowRange.js';
import type { ReadRequest, Source } from './types.js';

const MOST_DETAILS = 50;

/**
 * Several files as one table, read one after the other in the order given. Their columns must agree in name, type and order; whether a column
 * may be null and what metadata it has may differ.
 */
export async function openManyFiles(
  paths: readonly string[],
  label: string,
  open: (path: string) => Promise<Source>,
): Promise<Source> {
  if (paths.length === 0) throw new PrecisError('table', { found: `${label} names no file`, expected: 'at least one' });
  const sources: Source[] = [];
  for (const path of paths) {
    const source = await open(path);
    if (sources.length > 0) checkSameColumns(sources[0], source, label);
    sources.push(source);
  }
  const schema = jointSchema(sources.map((source) => source.schema));
  const rows = sources.reduce<number | undefined>(
    (sum, { rows }) => (sum === undefined || rows === undefined ? undefined : sum + rows),
    0,
  );
  return {
    label,
    schema,
    rows,
    files: sources.flatMap((source) => source.files),
    parts: () => jointParts(sources),
    batches: (request) => readAll(sources, schema, request ?? {}),
  };
}

async function* readAll(
  sources: readonly Source[],
  schema: Schema,
  request: ReadRequest,
): AsyncGenerator<RecordBatch, void, undefined> {
  const asked = request.columns ? selected(schema, request.columns) : schema;
  const range = new RowRange(request);
  for (const source of sources) {
    if (range.isOver) return;
    if (range.isBefore && range.skips(source.rows ?? sumOfRows(await jointParts([source])))) continue;
    for await (const batch of source.batches({ ...request, ...range.rest })) {
      range.give(batch.numRows);
      yield withSchema(batch, asked);
      if (range.isOver) return;
    }
  }
}

function selected(schema: Schema, columns: readonly string[]): Schema {
  const fields = columns.map((name) => schema.fields.find((field) => field.name === name));
  return new Schema(
    fields.filter((field) => field !== undefined),
    schema.metadata,
  );
}

/** Files differ in what they say of nulls, metadata and dictionary numbers; the batches of one stream must not. */
function withSchema(batch: RecordBatch, schema: Schema): RecordBatch {
  const columns = batch.data.children as Data[];
  const children = schema.fields.map((field, i) => columns[i].clone(field.type));
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: batch.numRows, nullCount: 0, children }));
}

/** The first file's, where a column may be null if it may be in any file. */
function jointSchema(schemas: readonly Schema[]): Schema {
  const [first] = schemas;
  const fields = first.fields.map((field, i) => {
    const nullable = schemas.some((schema) => schema.fields[i].nullable);
    return new Field(field.name, field.type, nullable, field.metadata);
  });
  return new Schema(fields, first.metadata);
}

function checkSameColumns(first: Source, other: Source, label: string): void {
  const [expected, found] = [first.schema, other.schema];
  const problems: string[] = [];
  const names = (schema: Schema) => schema.fields.map((field) => field.name);
  for (const field of expected.fields) {
    const same = found.fields.find(({ name }) => name === field.name);
    if (!same) problems.push(`${field.name}: missing, ${field.type} in ${first.label}`);
    else if (typeText(same.type) !== typeText(field.type)) {
      problems.push(`${field.name}: ${same.type}, ${field.type} in ${first.label}`);
    }
  }
  for (const { name, type } of found.fields) {
    if (!names(expected).includes(name)) problems.push(`${name}: ${type}, not a column of ${first.label}`);
  }
  if (problems.length === 0 && names(expected).join('\0') !== names(found).join('\0')) {
    problems.push(`order: ${names(found).join(', ')}; in ${first.label} it is ${names(expected).join(', ')}`);
  }
  if (problems.length === 0) return;
  throw new PrecisError('table', {
    found: `${other.label} has other columns than ${first.label}`,
    expected: `all files of ${label} to have the same columns in the same order`,
    action: 'read them as separate tables',
    details: problems.slice(0, MOST_DETAILS),
  });
}

/** What Arrow prints of a type leaves out how wide a decimal is. */
function typeText(type: DataType): string {
  const width = 'bitWidth' in type ? `/${type.bitWidth}` : '';
  return `${type}${width}`;
}
