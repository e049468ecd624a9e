import { Field, makeData, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { batchOf } from '../../table/columns.js';
import type { TextView } from './textView.js';

/** How much a worker is given at once. */
export interface PartitionSize {
  readonly rows: number;
  readonly bytes: number;
}

/** What a worker is sent: one column, its name of no meaning. */
export const TEXT_FIELD = new Field('text', new Utf8(), false);
const TEXT_SCHEMA = new Schema([TEXT_FIELD]);

const NOTHING = new Uint8Array(0);

/** Texts, numbered one after the other in the order in which they are first seen, up to a number of rows or bytes. */
export class TextBlock {
  rows = 0;
  /** How many are on their way to a worker. */
  sent = 0;
  private offsets = new Int32Array(65);
  private bytes: Uint8Array;
  /** Texts that lie side by side where they come from are copied in one go, as late as possible. */
  private source: Uint8Array = NOTHING;
  private from = 0;
  private to = -1;
  private copied = 0;

  constructor(
    /** The number of its first text. */
    readonly first: number,
    private readonly limit: PartitionSize,
    /** What the block before came to. */
    expectedBytes: number,
  ) {
    this.bytes = new Uint8Array(Math.min(limit.bytes, Math.max(16_384, Math.ceil(expectedBytes * 1.05))));
  }

  get size(): number {
    return this.offsets[this.rows];
  }

  /** A text that is longer than a whole block has one to itself. */
  fits(length: number): boolean {
    return this.rows === 0 || (this.rows < this.limit.rows && this.size + length <= this.limit.bytes);
  }

  add(source: Uint8Array, start: number, end: number): void {
    if (source !== this.source || start !== this.to) {
      this.copy();
      this.source = source;
      this.from = start;
    }
    this.to = end;
    if (this.rows + 1 === this.offsets.length) {
      const offsets = new Int32Array(Math.min(this.limit.rows, this.rows * 2) + 1);
      offsets.set(this.offsets);
      this.offsets = offsets;
    }
    this.offsets[this.rows + 1] = this.size + end - start;
    this.rows++;
  }

  /** Lets go of where the texts come from, which is not to be kept. */
  settle(): void {
    this.copy();
    this.source = NOTHING;
    this.to = -1;
  }

  equals(row: number, source: Uint8Array, start: number, end: number): boolean {
    const at = this.offsets[row];
    if (this.offsets[row + 1] - at !== end - start) return false;
    this.copy();
    const { bytes } = this;
    for (let i = start, j = at; i < end; i++, j++) if (source[i] !== bytes[j]) return false;
    return true;
  }

  /** The next texts to be computed. */
  take(rows: number): { readonly first: number; readonly batch: RecordBatch } {
    this.copy();
    const begin = this.sent;
    const end = Math.min(this.rows, begin + rows);
    this.sent = end;
    const valueOffsets = this.offsets.subarray(begin, end + 1);
    const type = TEXT_FIELD.type;
    const column = makeData({ type, length: end - begin, nullCount: 0, valueOffsets, data: this.bytes });
    return { first: this.first + begin, batch: batchOf(TEXT_SCHEMA, [column], end - begin) };
  }

  private copy(): void {
    const { size, copied } = this;
    if (size === copied) return;
    if (size > this.bytes.length) this.grow(size);
    this.bytes.set(this.source.subarray(this.from, this.to), copied);
    this.copied = size;
    this.from = this.to;
  }

  private grow(size: number): void {
    const bytes = new Uint8Array(Math.max(size, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.copied));
    this.bytes = bytes;
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
