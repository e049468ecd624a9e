import { Data, DataType, type Dictionary, type Int, Type, type Union, Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { bitmapBytes, copyBits, setBits } from './bits.js';
import { GrowingDictionary } from './dictionaries.js';

/** Beyond it 32-bit offsets overflow. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * One chunk with the rows of all given ones, which are of one type: no offset, and buffers of just the size that the rows
 * need. (Apache Arrow for JavaScript strings chunks together, and writes the whole bitmap of which it has a slice.)
 */
export function concatData(parts: readonly Data[]): Data {
  const { type } = parts[0];
  const length = sum(parts, (part) => part.length);
  const nulls = DataType.isUnion(type) || DataType.isNull(type) ? undefined : concatBitmaps(parts, length);
  const make = (buffers: Partial<Record<number, unknown>>, children: Data[] = [], dictionary?: Vector): Data => {
    const all = { 0: buffers[0], 1: buffers[1], 2: nulls ?? new Uint8Array(0), 3: buffers[3] };
    const nullCount = DataType.isNull(type) ? length : sum(parts, (part) => part.nullCount);
    return new Data(type, 0, length, nullCount, all as ConstructorParameters<typeof Data>[4], children, dictionary);
  };
  switch (type.typeId) {
    case Type.Null:
      return make({});
    case Type.Bool:
      return make({ 1: concatBools(parts, length) });
    case Type.Dictionary:
      return concatIndices(parts, type as Dictionary, make);
    case Type.Utf8:
    case Type.Binary:
    case Type.LargeUtf8:
    case Type.LargeBinary:
      return make({ 0: concatOffsets(parts), 1: joined(parts.map(bytesInUse)) });
    case Type.List:
    case Type.LargeList:
    case Type.Map:
      return make({ 0: concatOffsets(parts) }, [concatData(parts.map(childInUse))]);
    case Type.FixedSizeList:
      return make({}, [concatData(parts.map((p) => p.children[0].slice(0, p.length * p.stride)))]);
    case Type.Struct:
      return make(
        {},
        concatChildren(parts, (child, part) => child.slice(0, part.length)),
      );
    case Type.Union:
      return concatUnion(parts, make);
    default:
      return make({ 1: joined(parts.map((part) => part.values.subarray(0, part.length * part.stride))) });
  }
}

type Make = (buffers: Partial<Record<number, unknown>>, children?: Data[], dictionary?: Vector) => Data;
type Numbers = ArrayLike<number | bigint> & { readonly constructor: unknown };

function concatBitmaps(parts: readonly Data[], length: number): Uint8Array | undefined {
  if (parts.every((part) => part.nullCount === 0)) return undefined;
  const bits = new Uint8Array(bitmapBytes(length));
  let at = 0;
  for (const part of parts) {
    if (part.nullCount === 0) setBits(bits, at, part.length);
    else copyBits(part.nullBitmap, part.offset, bits, at, part.length);
    at += part.length;
  }
  return bits;
}

function concatBools(parts: readonly Data[], length: number): Uint8Array {
  const bits = new Uint8Array(bitmapBytes(length));
  let at = 0;
  for (const part of parts) {
    if (part.length > 0) copyBits(part.values, part.offset, bits, at, part.length);
    at += part.length;
  }
  return bits;
}

function ends(part: Data): [number, number] {
  if (part.length === 0) return [0, 0];
  return [Number(part.valueOffsets[0]), Number(part.valueOffsets[part.length])];
}

function bytesInUse(part: Data): Uint8Array {
  return (part.values ?? new Uint8Array(0)).subarray(...ends(part));
}

function childInUse(part: Data): Data {
  const [start, end] = ends(part);
  return part.children[0].slice(start, end - start);
}

function concatOffsets(parts: readonly Data[]): Int32Array | BigInt64Array {
  const isLarge = parts[0].type.OffsetArrayType === BigInt64Array;
  const length = sum(parts, (part) => part.length);
  const [first] = parts;
  if (parts.length === 1 && length > 0 && Number(first.valueOffsets[0]) === 0)
    return first.valueOffsets.subarray(0, length + 1);
  const offsets = isLarge ? new BigInt64Array(length + 1) : new Int32Array(length + 1);
  let row = 0;
  let base = 0;
  for (const part of parts) {
    const [start, end] = ends(part);
    shiftInto(offsets, row, part, base - start);
    row += part.length;
    base += end - start;
  }
  if (!isLarge && base > MOST_BYTES) {
    throw new PrecisError('column', {
      found: `${base} bytes or values in one column of one batch`,
      expected: `at most ${MOST_BYTES}`,
      action: 'use smaller batches',
    });
  }
  return offsets;
}

function shiftInto(offsets: Int32Array | BigInt64Array, row: number, part: Data, shift: number): void {
  if (offsets instanceof BigInt64Array) {
    for (let i = 1; i <= part.length; i++) offsets[row + i] = part.valueOffsets[i] + BigInt(shift);
    return;
  }
  for (let i = 1; i <= part.length; i++) offsets[row + i] = part.valueOffsets[i] + shift;
}

function concatChildren(parts: readonly Data[], cut: (child: Data, part: Data) => Data): Data[] {
  return parts[0].type.children.map((_: unknown, i: number) => concatData(parts.map((p) => cut(p.children[i], p))));
}

function concatUnion(parts: readonly Data[], make: Make): Data {
  const ids = joined(parts.map((part) => part.typeIds.subarray(0, part.length)));
  if (DataType.isSparseUnion(parts[0].type)) {
    return make(
      { 3: ids },
      concatChildren(parts, (child, part) => child.slice(0, part.length)),
    );
  }
  // A dense union's slice keeps its children whole, and its offsets point into them.
  const { typeIdToChildIndex } = parts[0].type as Union;
  const bases = parts[0].children.map(() => 0);
  const offsets = new Int32Array(ids.length);
  let row = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, row++) {
      offsets[row] = Number(part.valueOffsets[i]) + bases[typeIdToChildIndex[part.typeIds[i]]];
    }
    part.children.forEach((child, i) => {
      bases[i] += child.length;
    });
  }
  return make(
    { 0: offsets, 3: ids },
    concatChildren(parts, (child) => child),
  );
}

function concatIndices(parts: readonly Data[], type: Dictionary, make: Make): Data {
  const indices = parts.map((part) => part.values.subarray(0, part.length));
  const [{ dictionary }] = parts;
  if (parts.every((part) => part.dictionary === dictionary)) return make({ 1: joined(indices) }, [], dictionary);
  const grown = new GrowingDictionary(concatData);
  const renamed = parts.map((part, i) => renameIndices(type, indices[i], grown.add(part.dictionary!)));
  return make({ 1: joined(renamed) }, [], new Vector([concatData(grown.chunks)]));
}

/** Of a dictionary's indices; 64-bit ones are counted like the others. */
export type Indices = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** Indices into one dictionary as indices into another. What stands under a null is never looked at and becomes 0. */
export function renameIndices(type: Dictionary, indices: Indices, map: Int32Array): Indices {
  const renamed = new (type.indices.ArrayType as new (length: number) => Indices)(indices.length);
  const { bitWidth, isSigned } = type.indices as Int;
  const most = 2 ** (bitWidth - (isSigned ? 1 : 0)) - 1;
  for (let i = 0; i < indices.length; i++) {
    const index = map[indices[i]] ?? 0;
    if (index > most) {
      throw new PrecisError('column', {
        found: `batches whose dictionaries have more than ${most + 1} values together`,
        expected: `at most ${most + 1}, what ${type.indices} can count`,
        action: 'write a Parquet file or an Arrow stream, where each batch keeps its own dictionary',
      });
    }
    renamed[i] = bitWidth === 64 ? (BigInt(index) as unknown as number) : index;
  }
  return renamed;
}

/** Typed arrays of one kind; a single one is taken as it is. */
function joined<T extends Numbers>(arrays: readonly T[]): T {
  if (arrays.length === 1) return arrays[0];
  const Constructor = arrays[0].constructor as new (length: number) => T & { set(from: T, at: number): void };
  const all = new Constructor(sum(arrays, (array) => array.length));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
