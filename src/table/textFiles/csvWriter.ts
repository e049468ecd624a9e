import { type Data, DataType, type Field, type RecordBatch, type Schema } from 'apache-arrow';
import type { Sink, WriteOptions } from '../types.js';
import { ByteWriter } from './byteWriter.js';
import { type CsvDialect, csvDialect } from './csvDialect.js';
import { jsonEncoder } from './jsonEncoder.js';
import { scalarText } from './scalarText.js';
import { dictionaryEntry, textBytes } from './textBytes.js';
import { refuseColumns, TextSink } from './textSink.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
/** First byte of a byte order mark, which a reader would drop from the front of the file. */
const MARK = 0xef;

type CellWriter = (data: Data, row: number) => void;

/**
 * CSV by RFC 4180 with plain line feeds. A field is quoted only where it must be: it holds the delimiter, a quote or a line break, begins or ends with
 * a space, or is an empty text (null is a field of nothing). Nested values are JSON; binary columns are refused. With `old`, rows come behind that file's.
 */
export async function createCsvSink(
  path: string,
  schema: Schema,
  options: WriteOptions = {},
  old?: string,
): Promise<Sink> {
  const dialect = csvDialect(path, options);
  const out = new ByteWriter();
  const field = fieldWriter(dialect, out);
  const cells = schema.fields.map((column) => cellWriter(column, field));
  refuseColumns(
    'csv',
    'CSV',
    schema,
    cells.map((cell) => cell !== null),
  );
  const delimiter = Buffer.from(dialect.delimiter);
  const writeRow = (batch: RecordBatch, row: number) => {
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) out.bytes(delimiter, 0, delimiter.length);
      const data = batch.data.children[i];
      if (!DataType.isNull(data.type) && data.getValid(row)) cells[i]!(data, row);
    }
    out.byte(LINE_FEED);
  };
  const sink = await TextSink.open(path, options, out, writeRow, old);
  if (dialect.header && old === undefined) {
    for (const [i, { name }] of schema.fields.entries()) {
      if (i > 0) out.bytes(delimiter, 0, delimiter.length);
      const bytes = Buffer.from(name);
      field(bytes, 0, bytes.length);
    }
    out.byte(LINE_FEED);
  }
  return sink;
}

function cellWriter(column: Field, field: FieldWriter): CellWriter | null {
  const type = column.type as DataType;
  const bytes = textBytes(type);
  if (bytes) {
    return (data, row) => {
      const text = bytes(data, row);
      field(text.bytes, text.from, text.to);
    };
  }
  const scalar = scalarText(type);
  // No number, date or time is longer.
  const scratch = Buffer.alloc(256);
  if (scalar) return (data, row) => field(scratch, 0, scratch.write(scalar.of(data, row)));
  if (DataType.isNull(type)) return () => undefined;
  if (DataType.isDictionary(type)) {
    const cell = cellWriter(column.clone({ type: type.dictionary }), field);
    if (!cell) return null;
    return (data, row) => {
      const entry = dictionaryEntry(data, row);
      if (entry.chunk.getValid(entry.row)) cell(entry.chunk, entry.row);
    };
  }
  const json = jsonEncoder(column);
  if (!json) return null;
  const written = new ByteWriter();
  return (data, row) => {
    json(data, row, written);
    const text = written.take();
    field(text, 0, text.length);
  };
}

type FieldWriter = (bytes: Uint8Array, from: number, to: number) => void;

function fieldWriter({ delimiter }: CsvDialect, out: ByteWriter): FieldWriter {
  // The first byte of a delimiter of several bytes may begin other characters too: quoting those does no harm.
  const special = new Uint8Array(256);
  for (const byte of [LINE_FEED, CARRIAGE_RETURN, QUOTE, Buffer.from(delimiter)[0]]) special[byte] = 1;
  const mustQuote = (bytes: Uint8Array, from: number, to: number) => {
    if (from === to || bytes[from] === SPACE || bytes[to - 1] === SPACE || bytes[from] === MARK) return true;
    for (let at = from; at < to; at++) if (special[bytes[at]]) return true;
    return false;
  };
  return (bytes, from, to) => {
    if (!mustQuote(bytes, from, to)) return out.bytes(bytes, from, to);
    out.byte(QUOTE);
    let start = from;
    for (let at = from; at < to; at++) {
      if (bytes[at] !== QUOTE) continue;
      out.bytes(bytes, start, at + 1);
      start = at;
    }
    out.bytes(bytes, start, to);
    out.byte(QUOTE);
  };
}
