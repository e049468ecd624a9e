/** The bytes of one row at a time, in memory that is used again for the next. Two rows have equal bytes only if their cells are equal. */
export class RowBytes {
  private buffer = Buffer.allocUnsafeSlow(4096);
  private at = 0;

  start(): void {
    this.at = 0;
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.at);
  }

  /** No value, which is none of the values. */
  absent(): void {
    this.room(1);
    this.buffer[this.at++] = 0;
  }

  /** A value that has its length in front, so that `ab`, `c` is not `a`, `bc`. */
  cell(source: Uint8Array, start: number, end: number): void {
    this.count(end - start);
    this.room(end - start);
    this.buffer.set(source.subarray(start, end), this.at);
    this.at += end - start;
  }

  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.cell(bytes, 0, bytes.length);
  }

  number(value: number): void {
    this.room(9);
    this.buffer[this.at] = 1;
    this.buffer.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, this.at + 1);
    this.at += 9;
  }

  /** How many values a nested one has. */
  count(values: number): void {
    this.room(5);
    this.buffer[this.at] = 1;
    this.buffer.writeUInt32LE(values, this.at + 1);
    this.at += 5;
  }

  private room(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    larger.set(this.bytes);
    this.buffer = larger;
  }
}
