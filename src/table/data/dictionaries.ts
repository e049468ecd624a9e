import { type Data, DataType, Vector } from 'apache-arrow';
import { type ByteRange, textBytes } from '../textFiles/textBytes.js';

/** Puts the rows of chunks together; passed in because a dictionary's values may themselves be any column. */
export type Concatenate = (parts: readonly Data[]) => Data;

/**
 * Grows one dictionary out of several, each value once: what a batch's dictionary calls 3 may be 17 here. What is already
 * in it never moves, so that earlier batches stay valid and only the new values need to be written.
 */
export class GrowingDictionary {
  private readonly indexOf = new Map<unknown, number>();
  /** Of the dictionary added last; batches in a row mostly share one. */
  private last: { readonly dictionary: Vector; readonly map: Int32Array } | null = null;
  private readonly parts: Data[] = [];
  private size = 0;

  constructor(private readonly concatenate: Concatenate) {}

  /** The values so far, a chunk for each dictionary that brought new ones. */
  get chunks(): readonly Data[] {
    return this.parts;
  }

  /** From an index of the given dictionary to one of the grown. */
  add(dictionary: Vector): Int32Array {
    if (this.last?.dictionary === dictionary) return this.last.map;
    const map = new Int32Array(dictionary.length);
    const added: Data[] = [];
    let row = 0;
    for (const chunk of dictionary.data) {
      this.addChunk(chunk, map.subarray(row, row + chunk.length), added);
      row += chunk.length;
    }
    // Even without a value there has to be a chunk: the type is taken from it.
    if (this.parts.length === 0 && added.length === 0) added.push(dictionary.data[0].slice(0, 0));
    if (added.length > 0) this.parts.push(this.concatenate(added));
    this.last = { dictionary, map };
    return map;
  }

  private addChunk(chunk: Data, map: Int32Array, added: Data[]): void {
    const keys = valueKeys(chunk);
    let firstNew = -1;
    const keepNew = (end: number) => {
      if (firstNew >= 0) added.push(chunk.slice(firstNew, end - firstNew));
      firstNew = -1;
    };
    for (let i = 0; i < chunk.length; i++) {
      const known = this.indexOf.get(keys[i]);
      if (known !== undefined) {
        map[i] = known;
        keepNew(i);
        continue;
      }
      if (firstNew < 0) firstNew = i;
      map[i] = this.size;
      this.indexOf.set(keys[i], this.size++);
    }
    keepNew(chunk.length);
  }
}

/** What tells a dictionary's values apart; rarer types get a key each, so that they are kept as they are. */
function valueKeys(chunk: Data): unknown[] {
  const { type } = chunk;
  const vector = new Vector([chunk]);
  const text = textBytes(type);
  const isBytes = DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type);
  return Array.from({ length: chunk.length }, (_, i) => {
    if (!chunk.getValid(i)) return null;
    if (text) return latin1(text(chunk, i));
    if (isBytes) return Buffer.from(vector.get(i) as Uint8Array).toString('latin1');
    return DataType.isInt(type) ? vector.get(i) : Symbol();
  });
}

/** By their bytes: read as text, two values that differ by a byte order mark alone would be one. */
function latin1({ bytes, from, to }: ByteRange): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
