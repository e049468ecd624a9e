import { Field, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';
import type { TextView } from './textView.js';

/** What a worker is sent: one column, its name of no meaning. */
export const TEXT_FIELD = new Field('text', new Utf8(), false);
const TEXT_SCHEMA = new Schema([TEXT_FIELD]);

/** Texts, numbered one after the other in the order in which they are first seen, up to a number of rows or bytes. */
export class TextBlock {
  rows = 0;
  /** How many are on their way to a worker. */
  sent = 0;
  private offsets = new Int32Array(65);
  private bytes: Uint8Array;

  constructor(
    /** The number of its first text. */
    readonly first: number,
    private readonly maxRows: number,
    private readonly maxBytes: number,
  ) {
    this.bytes = new Uint8Array(Math.min(maxBytes, 16_384));
  }

  get size(): number {
    return this.offsets[this.rows];
  }

  /** A text that is longer than a whole block has one to itself. */
  fits(length: number): boolean {
    return this.rows === 0 || (this.rows < this.maxRows && this.size + length <= this.maxBytes);
  }

  add(source: Uint8Array, start: number, end: number): void {
    const at = this.size;
    const size = at + end - start;
    if (size > this.bytes.length) this.bytes = grown(this.bytes, Math.max(size, this.bytes.length * 2));
    if (this.rows + 1 === this.offsets.length) {
      const offsets = new Int32Array(Math.min(this.maxRows, this.rows * 2) + 1);
      offsets.set(this.offsets);
      this.offsets = offsets;
    }
    const { bytes } = this;
    // A call costs more than a short text's bytes.
    if (end - start > 48) bytes.set(source.subarray(start, end), at);
    else for (let from = start, to = at; from < end; from++, to++) bytes[to] = source[from];
    this.offsets[++this.rows] = size;
  }

  equals(row: number, source: Uint8Array, start: number, end: number): boolean {
    const at = this.offsets[row];
    if (this.offsets[row + 1] - at !== end - start) return false;
    const { bytes } = this;
    for (let i = start, j = at; i < end; i++, j++) if (source[i] !== bytes[j]) return false;
    return true;
  }

  /** The next texts to be computed. */
  take(rows: number): { readonly first: number; readonly batch: RecordBatch } {
    const begin = this.sent;
    const end = Math.min(this.rows, begin + rows);
    this.sent = end;
    const valueOffsets = this.offsets.subarray(begin, end + 1);
    const column = makeData({
      type: TEXT_FIELD.type,
      length: end - begin,
      nullCount: 0,
      valueOffsets,
      data: this.bytes,
    });
    const data = makeData({ type: new Struct([TEXT_FIELD]), length: end - begin, nullCount: 0, children: [column] });
    return { first: this.first + begin, batch: new RecordBatch(TEXT_SCHEMA, data) };
  }
}

/** A hash of the bytes, a word at a time (the mixing of murmur3). Equal texts only have to be found; equality is looked at. */
export function hashText(words: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    let word = Math.imul(words.getInt32(at, true), 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ words.getUint8(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export function wordsOf({ bytes }: TextView): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function grown(bytes: Uint8Array, capacity: number): Uint8Array {
  const larger = new Uint8Array(capacity);
  larger.set(bytes);
  return larger;
}
