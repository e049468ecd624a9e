import {
  type Data,
  DataType,
  type Field,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type Vector,
} from 'apache-arrow';
import { nearestName, PrecisError } from '../errors.js';
import { concatData } from './data/concatData.js';
import { holdsJson } from './textFiles/jsonEncoder.js';

/** The column of that name; if it is missing, the error names the nearest and lists those there are. `label` names the table. */
export function requireColumn(schema: Schema, name: string, label: string): Field {
  const field = schema.fields.find((candidate) => candidate.name === name);
  if (field) return field;
  const names = schema.fields.map((candidate) => String(candidate.name));
  const nearest = nearestName(name, names);
  throw new PrecisError('column', {
    found: `${label} has no column ${JSON.stringify(name)}`,
    expected: names.length > 0 ? `one of ${names.join(', ')}` : 'a table with columns',
    action: nearest === null ? undefined : `did you mean ${nearest}?`,
  });
}

export function isText(type: DataType): boolean {
  if (DataType.isDictionary(type)) return isText(type.dictionary);
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
}

/** The same, and it has to hold text, or nothing at all: of a column without a value, files often do not tell the type. */
export function requireText(schema: Schema, name: string, label: string): Field {
  const field = requireColumn(schema, name, label);
  if (holdsJson(field)) {
    throw new PrecisError('column', {
      found: `column ${name} of ${label} holds JSON: its values are of several kinds`,
      expected: 'a column of text',
      action: 'make all of its values texts',
    });
  }
  if (isText(field.type) || DataType.isNull(field.type)) return field;
  throw new PrecisError('column', {
    found: `column ${name} of ${label} is of type ${field.type}`,
    expected: 'a column of text',
    action: textColumnsOf(schema),
  });
}

function textColumnsOf(schema: Schema): string {
  const names = schema.fields.filter(({ type }) => isText(type)).map((field) => String(field.name));
  return names.length > 0 ? `columns of text here: ${names.join(', ')}` : 'it has no column of text';
}

/** The texts of a text column. Unlike the vector's own reading, a byte order mark at a text's start is kept. */
export function textValues(vector: Vector): (string | null)[] {
  const texts: (string | null)[] = [];
  for (const chunk of vector.data) readTexts(chunk, texts);
  return texts;
}

function readTexts(chunk: Data, texts: (string | null)[]): void {
  const hasNulls = chunk.nullCount > 0;
  const { length, values } = chunk;
  if (DataType.isNull(chunk.type)) {
    for (let i = 0; i < length; i++) texts.push(null);
    return;
  }
  if (DataType.isDictionary(chunk.type)) {
    const dictionary = textValues(chunk.dictionary!);
    for (let i = 0; i < length; i++) texts.push(hasNulls && !chunk.getValid(i) ? null : dictionary[values[i]]);
    return;
  }
  const offsets = chunk.valueOffsets;
  const bytes = values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength) : Buffer.alloc(0);
  for (let i = 0; i < length; i++) {
    texts.push(
      hasNulls && !chunk.getValid(i) ? null : bytes.toString('utf8', Number(offsets[i]), Number(offsets[i + 1])),
    );
  }
}

/** The batch with one more column, the last; a column of the same name is replaced where it stands. */
export function appendColumn(batch: RecordBatch, field: Field, vector: Vector): RecordBatch {
  if (vector.length !== batch.numRows) {
    throw new PrecisError('internal', {
      found: `${vector.length} values for column ${field.name}`,
      expected: `${batch.numRows}, one for each row`,
    });
  }
  const schema = schemaWith(batch.schema, field);
  const at = schema.fields.findIndex(({ name }) => name === field.name);
  const children = [...batch.data.children];
  children[at] = vector.data.length > 0 ? concatData(vector.data) : makeData({ type: field.type, length: 0 });
  return batchOf(schema, children, batch.numRows);
}

/** The schema with a field added or replaced, by the rule of appendColumn. */
export function schemaWith(schema: Schema, field: Field): Schema {
  const fields = [...schema.fields];
  const at = fields.findIndex(({ name }) => name === field.name);
  fields[at < 0 ? fields.length : at] = field;
  return new Schema(fields, schema.metadata);
}

/** A batch out of columns of equal length, which are not looked at again. */
export function batchOf(schema: Schema, children: readonly Data[], rows: number): RecordBatch {
  const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children: [...children] });
  return new RecordBatch(schema, data);
}

/** Some of the batch's columns, in the order of the names; those have to be there. */
export function selectColumns(batch: RecordBatch, names: readonly string[]): RecordBatch {
  const schema = selectFields(batch.schema, names);
  const children = names.map((name) => batch.data.children[batch.schema.fields.findIndex((f) => f.name === name)]);
  return batchOf(schema, children, batch.numRows);
}

export function selectFields(schema: Schema, names: readonly string[], label = 'the table'): Schema {
  return new Schema(
    names.map((name) => requireColumn(schema, name, label)),
    schema.metadata,
  );
}

/** Rows from `start` to before `end`, without copying. */
export function sliceBatch(batch: RecordBatch, start: number, end: number): RecordBatch {
  const from = Math.min(Math.max(start, 0), batch.numRows);
  const length = Math.min(Math.max(end, from), batch.numRows) - from;
  if (from === 0 && length === batch.numRows) return batch;
  const children = batch.data.children.map((child) => child.slice(from, length));
  return batchOf(batch.schema, children, length);
}

/** One batch out of several of one schema (one at least). */
export function concatBatches(batches: readonly RecordBatch[]): RecordBatch {
  const [{ schema }] = batches;
  const rows = batches.reduce((total, batch) => total + batch.numRows, 0);
  const children = schema.fields.map((_, i) => concatData(batches.map((batch) => batch.data.children[i])));
  return batchOf(schema, children, rows);
}

/** A complete Arrow IPC stream of this batch, in an ArrayBuffer of its own, which may be transferred. */
export function batchToIpc(batch: RecordBatch): Uint8Array<ArrayBuffer> {
  const writer = new RecordBatchStreamWriter();
  writer.write(concatBatches([batch]));
  writer.finish();
  const bytes = writer.toUint8Array(true);
  return (bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()) as Uint8Array<ArrayBuffer>;
}

/** The batch of such a stream, over the same memory. */
export function batchFromIpc(bytes: Uint8Array): RecordBatch {
  const reader = RecordBatchReader.from(bytes);
  const { value } = reader.next();
  if (value) return value;
  throw new PrecisError('internal', {
    found: `${bytes.length} bytes without a record batch`,
    expected: 'an Arrow stream of one batch',
  });
}
