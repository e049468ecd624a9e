import { DataType, type RecordBatch, type Vector } from 'apache-arrow';
import { isText, textValues } from './columns.js';
import { scalarText } from './scalarText.js';

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
  const { type } = vector;
  if (isText(type)) {
    const texts = textValues(vector);
    return (row) => texts[row];
  }
  const [data] = vector.data;
  const hasText =
    DataType.isDecimal(type) || DataType.isDate(type) || DataType.isTime(type) || DataType.isTimestamp(type);
  const text = hasText ? scalarText(type) : null;
  if (text) return (row) => (data.getValid(row) ? text.of(data, row) : null);
  return (row) => plain(vector.get(row));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON());
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
