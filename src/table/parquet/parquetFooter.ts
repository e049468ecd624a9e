/**
 * Parquet's footer is one struct in Thrift's compact form. This adds an entry to its key-value metadata, and knows no more of it than
 * how to pass over the rest.
 */
const SCHEMA = 2;
const KEY_VALUES = 5;
/** A column's physical type is the first field of its element in the schema. */
const PHYSICAL_TYPE = 1;
const INT96 = 3;
const [STOP, BYTE, DOUBLE, BINARY, LIST, SET, MAP, STRUCT] = [0, 3, 7, 8, 9, 10, 11, 12];

/** The footer with `key` and `value` behind its other entries. */
export function withKeyValue(footer: Uint8Array, key: string, value: string): Uint8Array {
  const entry = Buffer.concat([thriftText(key), thriftText(value), Buffer.of(STOP)]);
  const at = findKeyValues(footer);
  if (at.list !== null) {
    const { start, items, end, size } = at.list;
    return Buffer.concat([
      footer.subarray(0, start),
      listHeader(size + 1),
      footer.subarray(items, end),
      entry,
      footer.subarray(end),
    ]);
  }
  // A field's header says how far its number is from the one before, which is now this one.
  const header = Buffer.of(((KEY_VALUES - at.before) << 4) | LIST);
  const next = footer[at.end];
  const following = next === STOP ? next : next - ((KEY_VALUES - at.before) << 4);
  return Buffer.concat([
    footer.subarray(0, at.end),
    header,
    listHeader(1),
    entry,
    Buffer.of(following),
    footer.subarray(at.end + 1),
  ]);
}

/** How many of the file's columns, nested ones too, are 96-bit times. */
export function countOldTimes(footer: Uint8Array): number {
  const reader = new Thrift(footer);
  for (let before = 0; ; ) {
    const { type, id } = reader.field(before);
    if (type === STOP) return 0;
    if (id === SCHEMA) break;
    reader.skip(type);
    before = id;
  }
  let found = 0;
  for (let { size } = reader.list(); size > 0; size--) if (reader.physicalType() === INT96) found++;
  return found;
}

interface KeyValues {
  /** Null if there are none: they then belong to `end`, behind the field of the number `before`. */
  readonly list: { readonly start: number; readonly items: number; readonly end: number; readonly size: number } | null;
  readonly before: number;
  readonly end: number;
}

function findKeyValues(footer: Uint8Array): KeyValues {
  const reader = new Thrift(footer);
  for (let before = 0; ; ) {
    const end = reader.at;
    const { type, id } = reader.field(before);
    if (type === STOP || id > KEY_VALUES) return { list: null, before, end };
    const start = reader.at;
    if (id === KEY_VALUES) {
      const { size } = reader.list();
      const items = reader.at;
      reader.at = start;
      reader.skip(type);
      return { list: { start, items, end: reader.at, size }, before, end };
    }
    reader.skip(type);
    before = id;
  }
}

export class Thrift {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  field(before: number): { type: number; id: number } {
    const header = this.byte();
    const type = header & 15;
    if (type === STOP) return { type, id: before };
    if (header >> 4 > 0) return { type, id: before + (header >> 4) };
    return { type, id: this.integer() };
  }

  list(): { type: number; size: number } {
    const header = this.byte();
    const size = header >> 4;
    return { type: header & 15, size: size === 15 ? this.varint() : size };
  }

  /** Passes over an element of the schema; groups have no physical type. */
  physicalType(): number | null {
    let found: number | null = null;
    for (let before = 0; ; ) {
      const { type, id } = this.field(before);
      if (type === STOP) return found;
      // Numbers are zigzag: 2 times a positive one.
      if (id === PHYSICAL_TYPE) found = this.varint() / 2;
      else this.skip(type);
      before = id;
    }
  }

  /** Passes over a struct and returns its last field's number; `take` reads the fields that it returns true for. */
  struct(take: (id: number) => boolean): number {
    for (let before = 0; ; ) {
      const { type, id } = this.field(before);
      if (type === STOP) return before;
      if (!take(id)) this.skip(type);
      before = id;
    }
  }

  integer(): number {
    const zigzag = this.varint();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  skip(type: number): void {
    if (type === STRUCT) this.struct(() => false);
    else if (type === LIST || type === SET) this.skipList();
    else if (type === MAP) this.skipMap();
    else if (type === BINARY) this.skipBytes(this.varint());
    else if (type === DOUBLE) this.skipBytes(8);
    else if (type === BYTE) this.skipBytes(1);
    // Of true and false the header says which; all else is a number of varying length.
    else if (type > BYTE) this.varint();
  }

  private skipBytes(count: number): void {
    this.at += count;
    // Else a damaged length is stepped over for as long as it says.
    if (this.at > this.bytes.length) throw new Error('the footer ends in the middle');
  }

  private skipList(): void {
    const { type, size } = this.list();
    for (let i = 0; i < size; i++) this.skipItem(type);
  }

  private skipMap(): void {
    const size = this.varint();
    const types = size > 0 ? this.byte() : 0;
    for (let i = 0; i < size; i++) {
      this.skipItem(types >> 4);
      this.skipItem(types & 15);
    }
  }

  /** In lists, true and false take a byte. */
  private skipItem(type: number): void {
    this.skip(type < BYTE ? BYTE : type);
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new Error('the footer ends in the middle');
    return this.bytes[this.at++];
  }

  private varint(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }
}

/** A struct's next field, of text. */
function thriftText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of((1 << 4) | BINARY), varint(bytes.length), bytes]);
}

export function listHeader(size: number): Buffer {
  return size < 15 ? Buffer.of((size << 4) | STRUCT) : Buffer.concat([Buffer.of(0xf0 | STRUCT), varint(size)]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return Buffer.of(...bytes, rest);
}
