import { Field, type RecordBatch, type Schema, Struct } from 'apache-arrow';
import type { Sink, WriteOptions } from '../types.js';
import { ByteWriter } from './byteWriter.js';
import { jsonEncoder } from './jsonEncoder.js';
import { refuseColumns, TextSink } from './textSink.js';

const LINE_FEED = 10;

/** One JSON object a line, with the columns in their order and nulls written out. Binary columns are refused. With `old`, behind that file's lines. */
export async function createJsonlSink(
  path: string,
  schema: Schema,
  options: WriteOptions = {},
  old?: string,
): Promise<Sink> {
  const encoders = schema.fields.map(jsonEncoder);
  refuseColumns(
    'jsonl',
    'JSON',
    schema,
    encoders.map((encoder) => encoder !== null),
  );
  const row = jsonEncoder(new Field('row', new Struct(schema.fields), false))!;
  const out = new ByteWriter();
  const writeRow = (batch: RecordBatch, index: number) => {
    row(batch.data, index, out);
    out.byte(LINE_FEED);
  };
  return TextSink.open(path, options, out, writeRow, old);
}
