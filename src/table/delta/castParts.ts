import { Data, type DataType } from 'apache-arrow';

/** Turns a column into another type without losing anything. */
export type Cast = (data: Data) => Data;

export interface CastRules {
  /** Fields of structs that the target lacks: passed over while reading, an error while writing. */
  readonly dropFields: boolean;
  /** Times finer than a microsecond: cut off while reading, an error while writing. */
  readonly cutNanoseconds: boolean;
  /** For messages about values. */
  readonly where: string;
}

/** The same rows with other buffers; the bitmap stays, and with it the offset into it, unless another is given. */
export function rebuilt(
  data: Data,
  type: DataType,
  buffers: Readonly<Record<number, unknown>>,
  children: Data[] = [],
  offset = data.offset,
): Data {
  const all = { 2: data.nullBitmap, ...buffers } as unknown as ConstructorParameters<typeof Data>[4];
  return new Data(type, offset, data.length, data.nullCount, all, children);
}

/** 64-bit offsets as 32-bit ones: a batch that needs more does not fit into memory that JavaScript can address. */
export function shortOffsets(offsets: Int32Array | BigInt64Array): Int32Array {
  return offsets instanceof Int32Array ? offsets : Int32Array.from(offsets, Number);
}
