import { Data, DataType } from 'apache-arrow';
import { bitmapBytes } from '../data/bits.js';
import { nullData } from '../data/nullData.js';
import type { RawValue } from './rawValues.js';

/** A column that has one value in all of its rows. */
export function constantData(type: DataType, value: RawValue | null, length: number): Data {
  if (value === null) return nullData(type, length);
  const buffers = constantBuffers(type, value, length) as ConstructorParameters<typeof Data>[4];
  return new Data(type, 0, length, 0, buffers);
}

function constantBuffers(type: DataType, value: RawValue, length: number): unknown {
  if (value instanceof Uint8Array) {
    const offsets = Int32Array.from({ length: length + 1 }, (_, i) => i * value.length);
    return { 0: offsets, 1: value.length > 0 ? Buffer.alloc(length * value.length, value) : new Uint8Array(0) };
  }
  if (typeof value === 'boolean') return { 1: new Uint8Array(bitmapBytes(length)).fill(value ? 255 : 0) };
  if (DataType.isDecimal(type)) return { 1: repeatedWords(value as bigint, type.bitWidth / 32, length) };
  const { ArrayType } = type as { ArrayType: new (length: number) => Int32Array | BigInt64Array };
  const values = new ArrayType(length);
  if (values instanceof BigInt64Array) values.fill(value as bigint);
  else values.fill(Number(value));
  return { 1: values };
}

function repeatedWords(value: bigint, words: number, length: number): Uint32Array {
  const values = new Uint32Array(length * words);
  for (let i = 0; i < values.length; i++) values[i] = Number((value >> BigInt(32 * (i % words))) & 0xffffffffn);
  return values;
}
