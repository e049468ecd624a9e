import { type Data, DataType, Vector } from 'apache-arrow';

/** The UTF-8 bytes of one value of a text column; the same object at each call. */
export interface ByteRange {
  bytes: Uint8Array;
  from: number;
  to: number;
}

/** How the bytes of a text type are found, without decoding them; null if the type is no text. */
export function textBytes(type: DataType): ((data: Data, row: number) => ByteRange) | null {
  const range: ByteRange = { bytes: new Uint8Array(0), from: 0, to: 0 };
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) {
    return ({ values, valueOffsets }, row) => {
      range.bytes = values;
      range.from = Number(valueOffsets[row]);
      range.to = Number(valueOffsets[row + 1]);
      return range;
    };
  }
  if (DataType.isUtf8View(type)) {
    return (data, row) => {
      range.bytes = Buffer.from(new Vector([data]).get(row) as string);
      range.to = range.bytes.length;
      return range;
    };
  }
  return null;
}

/** The value that a dictionary's code stands for: the chunk of the dictionary that holds it and the row there. */
export function dictionaryEntry(data: Data, row: number): { chunk: Data; row: number } {
  let code = Number(data.values[row]);
  for (const chunk of data.dictionary!.data) {
    if (code < chunk.length) return { chunk, row: code };
    code -= chunk.length;
  }
  throw new RangeError(`a dictionary of ${data.dictionary!.length} values has no value ${Number(data.values[row])}`);
}

/** Where the items of a list or map begin and end among its child's rows. */
export function itemRange(data: Data, row: number): [number, number] {
  if (DataType.isFixedSizeList(data.type)) return [row * data.type.listSize, (row + 1) * data.type.listSize];
  return [Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1])];
}
