/** Copying fewer bytes than this in a loop is faster than a call. */
const FEW_BYTES = 24;

/** Bytes that grow at their end, taken off in one piece. */
export class ByteWriter {
  length = 0;
  private buffer = Buffer.allocUnsafe(64 * 1024);

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
  }

  bytes(source: Uint8Array, from: number, to: number): void {
    const count = to - from;
    if (this.length + count > this.buffer.length) this.grow(count);
    if (count < FEW_BYTES) {
      for (let i = 0; i < count; i++) this.buffer[this.length + i] = source[from + i];
    } else {
      this.buffer.set(source.subarray(from, to), this.length);
    }
    this.length += count;
  }

  text(text: string): void {
    const most = text.length * 3;
    if (this.length + most > this.buffer.length) this.grow(most);
    this.length += this.buffer.write(text, this.length);
  }

  /** What was written, to be used before the next byte is. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  private grow(count: number): void {
    const longer = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + count));
    longer.set(this.buffer.subarray(0, this.length));
    this.buffer = longer;
  }
}
