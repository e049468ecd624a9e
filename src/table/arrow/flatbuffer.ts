/**
 * Reads tables of a flatbuffer without trusting it: every position is checked, so that a damaged message is an error. The
 * library's own reader follows whatever lengths it finds, and may run for as long as they say.
 */
export class FlatTable {
  private readonly fields: number;
  private readonly fieldsEnd: number;

  private constructor(
    private readonly view: DataView,
    private readonly at: number,
  ) {
    this.fields = at - view.getInt32(at, true);
    this.fieldsEnd = this.fields + view.getUint16(this.fields, true);
  }

  /** Out of bounds is a RangeError, here and in all that follows. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  byte(field: number): number {
    const at = this.position(field);
    return at === 0 ? 0 : this.view.getUint8(at);
  }

  /** 64-bit; beyond 2^53 it is out of any bounds that it is compared with. */
  long(field: number): number {
    const at = this.position(field);
    return at === 0 ? 0 : Number(this.view.getBigInt64(at, true));
  }

  table(field: number): FlatTable | null {
    const at = this.position(field);
    return at === 0 ? null : new FlatTable(this.view, at + this.view.getUint32(at, true));
  }

  text(field: number): string {
    const { start, length } = this.vector(field, 1);
    return Buffer.from(this.view.buffer, this.view.byteOffset + start, length).toString('utf8');
  }

  tables(field: number): FlatTable[] {
    const { start, length } = this.vector(field, 4);
    return Array.from({ length }, (_, i) => {
      const at = start + 4 * i;
      return new FlatTable(this.view, at + this.view.getUint32(at, true));
    });
  }

  /** Structs of 64-bit numbers; a smaller number and its padding count as one of them. */
  structs(field: number, longs: number): number[][] {
    const { start, length } = this.vector(field, 8 * longs);
    return Array.from({ length }, (_, i) =>
      Array.from({ length: longs }, (_, j) => Number(this.view.getBigInt64(start + 8 * (longs * i + j), true))),
    );
  }

  private vector(field: number, elementBytes: number): { start: number; length: number } {
    const at = this.position(field);
    if (at === 0) return { start: 0, length: 0 };
    const start = at + this.view.getUint32(at, true) + 4;
    const length = this.view.getUint32(start - 4, true);
    if (start + length * elementBytes > this.view.byteLength) throw new RangeError('a list is longer than its message');
    return { start, length };
  }

  private position(field: number): number {
    const slot = this.fields + 4 + 2 * field;
    if (slot + 2 > this.fieldsEnd) return 0;
    const offset = this.view.getUint16(slot, true);
    return offset === 0 ? 0 : this.at + offset;
  }
}
