import { type Data, DataType, type RecordBatch, Vector } from 'apache-arrow';
import { isText, textValues } from './columns.js';
import { scalarText } from './textFiles/scalarText.js';
import { dictionaryEntry, itemRange, textBytes } from './textFiles/textBytes.js';

/** One row, its values read when they are asked for. */
export type Row = Record<string, unknown>;

/**
 * The rows of a batch as objects. Integers are numbers where these are exact and else bigints; decimals, dates, times and timestamps are
 * texts (ISO 8601), which lose nothing; lists, structs and maps are arrays and objects.
 */
export function* rowsOf(batch: RecordBatch): Generator<Row> {
  const names = batch.schema.fields.map(({ name }) => String(name));
  const readers = names.map((_, i) => lazily(() => valueReader(batch.getChildAt(i)!)));
  for (let row = 0; row < batch.numRows; row++) {
    const record: Row = {};
    names.forEach((name, i) => {
      Object.defineProperty(record, name, { enumerable: true, get: () => readers[i]()(row) });
    });
    yield record;
  }
}

/** The same with all values read. */
export function plainRow(row: Row): Row {
  return { ...row };
}

type ValueReader = (row: number) => unknown;

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function valueReader(vector: Vector): ValueReader {
  if (isText(vector.type)) {
    const texts = textValues(vector);
    return (row) => texts[row];
  }
  return dataReader(vector.data[0]);
}

function dataReader(data: Data): ValueReader {
  if (DataType.isNull(data.type)) return () => null;
  const read = presentReader(data);
  return (row) => (data.getValid(row) ? read(row) : null);
}

/** Of rows that are not null. The library's own reading is used for what it reads as it is: not for texts, decimals and times. */
function presentReader(data: Data): ValueReader {
  const { type } = data;
  const text = textBytes(type);
  if (text) {
    return (row) => {
      const { bytes, from, to } = text(data, row);
      return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
    };
  }
  const hasText =
    DataType.isDecimal(type) || DataType.isDate(type) || DataType.isTime(type) || DataType.isTimestamp(type);
  const scalar = hasText ? scalarText(type) : null;
  if (scalar) return (row) => scalar.of(data, row);
  if (DataType.isDictionary(type)) return dictionaryReader(data);
  if (DataType.isStruct(type)) return structReader(data);
  if (DataType.isMap(type)) return mapReader(data);
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) {
    const item = dataReader(data.children[0]);
    return (row) => rowsIn(data, row).map(item);
  }
  const vector = new Vector([data]);
  return (row) => plain(vector.get(row));
}

function dictionaryReader(data: Data): ValueReader {
  const readers = new Map(data.dictionary!.data.map((chunk) => [chunk, dataReader(chunk)]));
  return (row) => {
    const entry = dictionaryEntry(data, row);
    return readers.get(entry.chunk)!(entry.row);
  };
}

function structReader({ type, children }: Data): ValueReader {
  const readers = children.map((child, i) => [String(type.children[i].name), dataReader(child)] as const);
  return (row) => Object.fromEntries(readers.map(([name, read]) => [name, read(row)]));
}

function mapReader(data: Data): ValueReader {
  const [key, value] = data.children[0].children.map(dataReader);
  return (row) => Object.fromEntries(rowsIn(data, row).map((item) => [String(key(item)), value(item)]));
}

function rowsIn(data: Data, row: number): number[] {
  const [from, to] = itemRange(data, row);
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return 'toJSON' in value && typeof value.toJSON === 'function' ? plain(value.toJSON()) : value;
}
