import {
  Bool,
  type Data,
  type DataType,
  type Float64,
  type Int32,
  makeData,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { concatData } from '../../table/data/concatData.js';

/** Values of any type by Arrow's own builders. */
export function columnOf(values: readonly unknown[], type: DataType): Data {
  return oneChunk(vectorFromArray(values, type), type);
}

/** A vector without values may have no chunk at all. */
export function oneChunk({ data }: Vector, type: DataType): Data {
  return data.length > 0 ? concatData(data) : makeData({ type: type as never, length: 0 });
}

export function utf8Column(texts: readonly (string | null)[]): Data<Utf8> {
  const valueOffsets = new Int32Array(texts.length + 1);
  // A UTF-16 unit never takes more than three bytes.
  const data = Buffer.allocUnsafeSlow(3 * texts.reduce((sum, text) => sum + (text?.length ?? 0), 0));
  let at = 0;
  texts.forEach((text, row) => {
    if (text) at += data.write(text, at);
    valueOffsets[row + 1] = at;
  });
  return makeData({ type: new Utf8(), length: texts.length, ...nullsOf(texts), valueOffsets, data });
}

export function boolColumn(values: readonly (boolean | null)[]): Data<Bool> {
  const data = bitsWhere(values.map((value) => value === true));
  return makeData({ type: new Bool(), length: values.length, ...nullsOf(values), data });
}

export function numberColumn<Type extends Int32 | Float64>(type: Type, values: readonly (number | null)[]): Data<Type> {
  const data = new type.ArrayType(values.length);
  for (let row = 0; row < values.length; row++) data[row] = values[row] ?? 0;
  return makeData({ type: type as never, length: values.length, ...nullsOf(values), data }) as Data<Type>;
}

export function nullsOf(values: readonly unknown[]): { nullCount: number; nullBitmap: Uint8Array | undefined } {
  const nullCount = values.reduce<number>((count, value) => count + Number(value === null), 0);
  return { nullCount, nullBitmap: nullCount === 0 ? undefined : bitsWhere(values.map((value) => value !== null)) };
}

function bitsWhere(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (let row = 0; row < flags.length; row++) if (flags[row]) bits[row >> 3] |= 1 << (row & 7);
  return bits;
}
