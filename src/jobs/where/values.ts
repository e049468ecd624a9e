import {
  type Data,
  DataType,
  DateUnit,
  type Float,
  Precision,
  type RecordBatch,
  TimeUnit,
  Type,
  Vector,
} from 'apache-arrow';
import { type TextView, textView } from '../../predict/texts/textView.js';
import { isText } from '../../table/columns.js';

/** What can be compared with what; `nothing` is a column without any value, which is compared with everything. */
export type Kind = 'text' | 'number' | 'boolean' | 'time' | 'nothing' | 'other';

export type Numbers = ArrayLike<number> | ArrayLike<bigint>;

/** A column's rows for comparing. `valid` is null if every row has a value; what a null row has in `values` means nothing. */
export type Column =
  | { readonly kind: 'text'; readonly texts: TextView; readonly valid: Uint8Array | null }
  | { readonly kind: 'number' | 'boolean' | 'time'; readonly values: Numbers; readonly valid: Uint8Array | null };

export function kindOf(type: DataType): Kind {
  if (isText(type)) return 'text';
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type)) return 'number';
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isTimestamp(type) || DataType.isDate(type)) return 'time';
  return DataType.isNull(type) ? 'nothing' : 'other';
}

export function isSingle(type: DataType): boolean {
  return DataType.isFloat(type) && (type as Float).precision === Precision.SINGLE;
}

/** The column, or the field of a struct, with the nulls of what it lies in. */
export function dataAt(
  batch: RecordBatch,
  path: readonly number[],
): { readonly data: Data; readonly valid: Uint8Array | null } {
  let data = batch.data as Data;
  let valid: Uint8Array | null = null;
  for (const index of path) {
    data = data.children[index];
    valid = bothValid(valid, validRows(data));
  }
  return { data, valid };
}

export function columnAt(batch: RecordBatch, path: readonly number[]): Column {
  const { data, valid } = dataAt(batch, path);
  const kind = kindOf(data.type);
  if (kind === 'text' || kind === 'nothing') {
    const texts = textView(data);
    // A dictionary may have a null among its entries.
    return { kind: 'text', texts, valid: bothValid(valid, texts.valid) };
  }
  return { kind: kind as 'number', values: numbersOf(data), valid };
}

function validRows(data: Data): Uint8Array | null {
  if (data.typeId === Type.Null) return new Uint8Array(data.length);
  if (data.nullCount === 0) return null;
  return Uint8Array.from({ length: data.length }, (_, row) => Number(data.getValid(row)));
}

function bothValid(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  if (a === null || b === null) return a ?? b;
  return a.map((value, row) => value & b[row]);
}

function numbersOf(data: Data): Numbers {
  const { type, length, values } = data;
  if (length === 0) return [];
  if (DataType.isBool(type)) {
    const { offset } = data;
    return Uint8Array.from({ length }, (_, row) => (values[(offset + row) >> 3] >> ((offset + row) & 7)) & 1);
  }
  if (DataType.isDate(type)) {
    const factor = type.unit === DateUnit.DAY ? 86_400e6 : 1e3;
    return Float64Array.from({ length }, (_, row) => Number(values[row]) * factor);
  }
  if (DataType.isTimestamp(type)) return microseconds(values as BigInt64Array, type.unit, length);
  if (DataType.isDecimal(type)) return decimals(values as Uint32Array, type.bitWidth / 32, 10 ** type.scale, length);
  // Half precision is kept as bits.
  if (DataType.isFloat(type) && type.precision === Precision.HALF) {
    return Float64Array.from(new Vector([data]) as unknown as Iterable<number>);
  }
  // Arrow pads its buffers.
  return (values as Float64Array).subarray(0, length);
}

/** Exact up to the year 2255, which is as far as a double counts microseconds. */
function microseconds(values: BigInt64Array, unit: TimeUnit, length: number): Float64Array {
  const factor = {
    [TimeUnit.SECOND]: 1e6,
    [TimeUnit.MILLISECOND]: 1e3,
    [TimeUnit.MICROSECOND]: 1,
    [TimeUnit.NANOSECOND]: 1e-3,
  }[unit];
  return Float64Array.from({ length }, (_, row) => Number(values[row]) * factor);
}

function decimals(words: Uint32Array, stride: number, scale: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, row) => {
    let unscaled = 0n;
    for (let word = stride - 1; word >= 0; word--) unscaled = (unscaled << 32n) | BigInt(words[row * stride + word]);
    return Number(BigInt.asIntN(stride * 32, unscaled)) / scale;
  });
}
