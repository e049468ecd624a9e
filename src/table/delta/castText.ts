import { type Data, DataType, Vector } from 'apache-arrow';
import { bitmapBytes } from '../data/bits.js';
import { type Cast, rebuilt, shortOffsets } from './castParts.js';

/** Texts and bytes in whatever arrangement to Utf8 and Binary. */
export function bytesCast(from: DataType, to: DataType): Cast | null {
  if (!DataType.isUtf8(to) && !DataType.isBinary(to)) return null;
  const isText = DataType.isUtf8(to);
  if (isText ? DataType.isUtf8(from) : DataType.isBinary(from)) return (data) => data;
  if (isText ? DataType.isLargeUtf8(from) : DataType.isLargeBinary(from)) {
    return (data) => rebuilt(data, to, { 0: shortOffsets(data.valueOffsets), 1: data.values });
  }
  if (isText ? DataType.isUtf8View(from) : DataType.isBinaryView(from)) return (data) => viewedBytes(data, to);
  if (isText || !DataType.isFixedSizeBinary(from)) return null;
  const width = from.byteWidth;
  return (data) => {
    const offsets = Int32Array.from({ length: data.length + 1 }, (_, i) => i * width);
    return rebuilt(data, to, { 0: offsets, 1: data.values });
  };
}

/** Views point into several buffers: the values are put one behind the other. */
function viewedBytes(data: Data, to: DataType): Data {
  const vector = new Vector([data]);
  const offsets = new Int32Array(data.length + 1);
  const nullBitmap = new Uint8Array(bitmapBytes(data.length));
  const parts: Uint8Array[] = [];
  for (let i = 0; i < data.length; i++) {
    const value = vector.get(i) as string | Uint8Array | null;
    const bytes = typeof value === 'string' ? Buffer.from(value) : (value ?? new Uint8Array(0));
    if (value !== null) nullBitmap[i >> 3] |= 1 << (i & 7);
    offsets[i + 1] = offsets[i] + bytes.length;
    parts.push(bytes);
  }
  const values = Buffer.concat(parts);
  return rebuilt(data.slice(0, data.length), to, { 0: offsets, 1: values, 2: nullBitmap }, [], 0);
}
