import { type Data, makeData, Utf8 } from 'apache-arrow';

/** Copying fewer bytes than this in a loop is faster than a call. */
const FEW_BYTES = 24;

/** A text column, filled from bytes that are known to be UTF-8: no cell ever becomes a JavaScript string. */
export class Utf8Builder {
  length = 0;
  private offsets = new Int32Array(1025);
  private bytes = Buffer.allocUnsafe(16 * 1024);
  private end = 0;
  private readonly nulls: number[] = [];

  get byteLength(): number {
    return this.end;
  }

  /** A cell may come in pieces: each `add` lengthens it, `next` ends it. */
  add(source: Uint8Array, from: number, to: number): void {
    const count = to - from;
    if (this.end + count > this.bytes.length) this.grow(count);
    if (count < FEW_BYTES) {
      for (let i = 0; i < count; i++) this.bytes[this.end + i] = source[from + i];
    } else {
      this.bytes.set(source.subarray(from, to), this.end);
    }
    this.end += count;
  }

  next(): void {
    if (this.length + 2 > this.offsets.length) {
      const longer = new Int32Array(this.offsets.length * 2);
      longer.set(this.offsets);
      this.offsets = longer;
    }
    this.offsets[++this.length] = this.end;
  }

  nextNull(): void {
    this.nulls.push(this.length);
    this.next();
  }

  /** What was built; the builder starts again, with new buffers of about the size that was needed. */
  finish(): Data<Utf8> {
    const { length, nulls } = this;
    const data = makeData({
      type: new Utf8(),
      length,
      nullCount: nulls.length,
      nullBitmap: validity(length, nulls),
      valueOffsets: this.offsets.subarray(0, length + 1),
      data: this.bytes.subarray(0, this.end),
    });
    this.offsets = new Int32Array(Math.max(1025, length + 1));
    this.bytes = Buffer.allocUnsafe(Math.max(1024, Math.ceil(this.end * 1.1)));
    this.end = 0;
    this.length = 0;
    this.nulls.length = 0;
    return data;
  }

  private grow(count: number): void {
    const longer = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.end + count));
    longer.set(this.bytes.subarray(0, this.end));
    this.bytes = longer;
  }
}

/** Arrow's bitmap of the rows that are there; none where none is missing. */
export function validity(length: number, nulls: readonly number[]): Uint8Array | undefined {
  if (nulls.length === 0) return undefined;
  const bitmap = new Uint8Array((length + 7) >> 3).fill(255);
  for (const row of nulls) bitmap[row >> 3] &= ~(1 << (row & 7));
  return bitmap;
}
