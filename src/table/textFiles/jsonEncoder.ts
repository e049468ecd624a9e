import { type Data, DataType, type Field, type Map_ } from 'apache-arrow';
import type { ByteWriter } from './byteWriter.js';
import { JsonProblem, JsonScanner } from './jsonScanner.js';
import { type ScalarText, scalarText } from './scalarText.js';
import { dictionaryEntry, itemRange, textBytes } from './textBytes.js';

/** Writes one value as JSON. */
export type JsonEncoder = (data: Data, row: number, out: ByteWriter) => void;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const scanner = new JsonScanner();
const NOT_A_NUMBER = /^(NaN|-?Infinity)$/;

/** A text column whose texts are JSON already. */
export function holdsJson(field: Field): boolean {
  return field.metadata.get('ARROW:extension:name') === 'arrow.json';
}

/**
 * How a column's values become JSON, or null if they cannot (binary, intervals, unions). Numbers keep all their digits; NaN and the infinities, which JSON
 * lacks, are null. A map whose keys are text is an object, any other a list of {key, value}.
 */
export function jsonEncoder(field: Field): JsonEncoder | null {
  const value = valueEncoder(field);
  if (!value) return null;
  return (data, row, out) => {
    if (DataType.isNull(data.type) || !data.getValid(row)) out.text('null');
    else value(data, row, out);
  };
}

function valueEncoder(field: Field): JsonEncoder | null {
  const type = field.type as DataType;
  const bytes = textBytes(type);
  if (bytes) {
    const raw = holdsJson(field);
    return (data, row, out) => {
      const { bytes: source, from, to } = bytes(data, row);
      if (raw && writeJson(source, from, to, out)) return;
      writeString(source, from, to, out);
    };
  }
  const scalar = scalarText(type);
  if (scalar) return scalarEncoder(scalar);
  if (DataType.isNull(type)) return () => undefined;
  if (DataType.isDictionary(type)) return dictionaryEncoder(field);
  if (DataType.isStruct(type)) return structEncoder(type.children);
  if (DataType.isMap(type)) return mapEncoder(type);
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type))
    return listEncoder(type.children[0]);
  return null;
}

function scalarEncoder(scalar: ScalarText): JsonEncoder {
  return (data, row, out) => {
    const text = scalar.of(data, row);
    if (!scalar.bare) out.text(`"${text}"`);
    else out.text(NOT_A_NUMBER.test(text) ? 'null' : text);
  };
}

function dictionaryEncoder(field: Field): JsonEncoder | null {
  const value = jsonEncoder(field.clone({ type: field.type.dictionary }));
  if (!value) return null;
  return (data, row, out) => {
    const entry = dictionaryEntry(data, row);
    value(entry.chunk, entry.row, out);
  };
}

function structEncoder(fields: readonly Field[]): JsonEncoder | null {
  const encoders = fields.map(jsonEncoder);
  if (encoders.includes(null)) return null;
  const keys = fields.map(({ name }, i) => Buffer.from(`${i > 0 ? ',' : ''}${JSON.stringify(name)}:`));
  return (data, row, out) => {
    out.byte(0x7b);
    for (let i = 0; i < keys.length; i++) {
      out.bytes(keys[i], 0, keys[i].length);
      encoders[i]!(data.children[i], row, out);
    }
    out.byte(0x7d);
  };
}

function listEncoder(item: Field): JsonEncoder | null {
  const encoder = jsonEncoder(item);
  if (!encoder) return null;
  return (data, row, out) => {
    const [from, to] = itemRange(data, row);
    out.byte(0x5b);
    for (let i = from; i < to; i++) {
      if (i > from) out.byte(0x2c);
      encoder(data.children[0], i, out);
    }
    out.byte(0x5d);
  };
}

function mapEncoder(type: Map_): JsonEncoder | null {
  const [key, value] = type.children[0].type.children as Field[];
  if (!textBytes(key.type)) return listEncoder(type.children[0]);
  const [keyEncoder, encoder] = [jsonEncoder(key), jsonEncoder(value)];
  if (!keyEncoder || !encoder) return null;
  return (data, row, out) => {
    const [from, to] = itemRange(data, row);
    const [keys, values] = data.children[0].children;
    out.byte(0x7b);
    for (let i = from; i < to; i++) {
      if (i > from) out.byte(0x2c);
      keyEncoder(keys, i, out);
      out.byte(0x3a);
      encoder(values, i, out);
    }
    out.byte(0x7d);
  };
}

/** JSON as it stands, on one line. False if it is none: then nothing was written. */
function writeJson(bytes: Uint8Array, from: number, to: number, out: ByteWriter): boolean {
  const line = bytes.slice(from, to);
  // Between the parts of a value a line break is white space; within a text JSON has none.
  for (let at = 0; at < line.length; at++) {
    if (line[at] === LINE_FEED || line[at] === CARRIAGE_RETURN) line[at] = SPACE;
  }
  scanner.begin(line, 0);
  try {
    scanner.skip();
    scanner.peek();
  } catch (error) {
    if (error instanceof JsonProblem) return false;
    throw error;
  }
  if (scanner.at < line.length) return false;
  out.bytes(line, 0, line.length);
  return true;
}

/** Text in quotes. Only what JSON demands is escaped: quotes, backslashes and control characters; all else stays as it is. */
function writeString(bytes: Uint8Array, from: number, to: number, out: ByteWriter): void {
  out.byte(QUOTE);
  let start = from;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte >= 32 && byte !== QUOTE && byte !== BACKSLASH) continue;
    out.bytes(bytes, start, at);
    out.text(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
    start = at + 1;
  }
  out.bytes(bytes, start, to);
  out.byte(QUOTE);
}
