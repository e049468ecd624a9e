import { type Data, DataType, type Field, makeData } from 'apache-arrow';
import { holdsJson } from './jsonEncoder.js';
import type { JsonScanner } from './jsonScanner.js';
import { isKey } from './jsonShape.js';
import { Utf8Builder, validity } from './utf8Builder.js';

/** A column that is filled from JSON values, of which all are of the field's type or null. */
export interface JsonColumn {
  readonly byteLength: number;
  /** Takes the value that the scanner stands before; it is not null. */
  read(scanner: JsonScanner): void;
  readNull(): void;
  finish(): Data;
}

export function jsonColumn(field: Field): JsonColumn {
  const type = field.type as DataType;
  if (DataType.isUtf8(type)) return holdsJson(field) ? new RawColumn() : new TextColumn();
  if (DataType.isInt(type)) {
    return new NumberColumn(
      type,
      (length) => (type.isSigned ? new BigInt64Array(length) : new BigUint64Array(length)),
      BigInt,
    );
  }
  if (DataType.isFloat(type)) return new NumberColumn(type, (length) => new Float64Array(length), Number);
  if (DataType.isBool(type)) return new BoolColumn(type);
  if (DataType.isList(type)) return new ListColumn(type);
  if (DataType.isStruct(type)) return new StructColumn(type);
  return new NullColumn(type);
}

/** The value that the scanner stands before, into its column. */
export function readValue(scanner: JsonScanner, column: JsonColumn): void {
  // In a column of JSON text too, null is a null.
  if (scanner.peek() === 0x6e) {
    scanner.word('null');
    column.readNull();
  } else column.read(scanner);
}

class TextColumn implements JsonColumn {
  private readonly texts = new Utf8Builder();

  get byteLength(): number {
    return this.texts.byteLength;
  }

  read(scanner: JsonScanner): void {
    const { texts } = this;
    scanner.string();
    if (scanner.escaped) scanner.unescape((bytes, from, to) => texts.add(bytes, from, to));
    else texts.add(scanner.bytes, scanner.start, scanner.end);
    texts.next();
  }

  readNull(): void {
    this.texts.nextNull();
  }

  finish(): Data {
    return this.texts.finish();
  }
}

class RawColumn implements JsonColumn {
  private readonly texts = new Utf8Builder();

  get byteLength(): number {
    return this.texts.byteLength;
  }

  read(scanner: JsonScanner): void {
    const start = scanner.at;
    scanner.skip();
    this.texts.add(scanner.bytes, start, scanner.at);
    this.texts.next();
  }

  readNull(): void {
    this.texts.nextNull();
  }

  finish(): Data {
    return this.texts.finish();
  }
}

/** What all columns but texts have in common: how long they are and which rows are null. */
abstract class Column implements JsonColumn {
  protected length = 0;
  protected nulls: number[] = [];

  constructor(protected readonly type: DataType) {}

  get byteLength(): number {
    return this.length * 8;
  }

  readNull(): void {
    this.nulls.push(this.length++);
  }

  abstract read(scanner: JsonScanner): void;
  /** What makeData wants beyond length and nulls; the column starts again. */
  protected abstract parts(length: number): object;

  finish(): Data {
    const { length, nulls, type } = this;
    const nullBitmap = validity(length, nulls);
    this.length = 0;
    this.nulls = [];
    const common = { type, length, nullCount: nulls.length, nullBitmap };
    return makeData({ ...common, ...this.parts(length) } as Parameters<typeof makeData>[0]);
  }
}

type Numbers = BigInt64Array | BigUint64Array | Float64Array;

class NumberColumn<Value extends number | bigint> extends Column {
  private values: Numbers;

  constructor(
    type: DataType,
    private readonly make: (length: number) => Numbers,
    private readonly parse: (digits: string) => Value,
  ) {
    super(type);
    this.values = make(1024);
  }

  read(scanner: JsonScanner): void {
    scanner.number();
    if (this.length >= this.values.length) this.grow();
    this.values[this.length++] = this.parse(scanner.digits());
  }

  protected parts(length: number): object {
    if (length > this.values.length) this.grow(length);
    const data = this.values.subarray(0, length);
    this.values = this.make(Math.max(1024, length));
    return { data };
  }

  private grow(least = 0): void {
    const longer = this.make(Math.max(least, this.length * 2));
    (longer.set as (values: Numbers) => void)(this.values);
    this.values = longer;
  }
}

class BoolColumn extends Column {
  private trues: number[] = [];

  read(scanner: JsonScanner): void {
    const value = scanner.bytes[scanner.at] === 0x74;
    scanner.word(value ? 'true' : 'false');
    if (value) this.trues.push(this.length);
    this.length++;
  }

  protected parts(length: number): object {
    const data = new Uint8Array((length + 7) >> 3);
    for (const row of this.trues) data[row >> 3] |= 1 << (row & 7);
    this.trues = [];
    return { data };
  }
}

class NullColumn extends Column {
  read(scanner: JsonScanner): void {
    throw scanner.unexpected('null');
  }

  protected parts(): object {
    return {};
  }
}

class ListColumn extends Column {
  private ends: number[] = [];
  private items = 0;
  private readonly item: JsonColumn;

  constructor(type: DataType) {
    super(type);
    this.item = jsonColumn(type.children[0] as Field);
  }

  override get byteLength(): number {
    return this.length * 4 + this.item.byteLength;
  }

  read(scanner: JsonScanner): void {
    if (scanner.peek() !== 0x5b) throw scanner.unexpected('a list');
    scanner.list(() => {
      readValue(scanner, this.item);
      this.items++;
    });
    this.ends.push(this.items);
    this.length++;
  }

  override readNull(): void {
    this.ends.push(this.items);
    super.readNull();
  }

  protected parts(): object {
    const valueOffsets = Int32Array.from([0, ...this.ends]);
    this.ends = [];
    this.items = 0;
    return { valueOffsets, child: this.item.finish() };
  }
}

/** Also the rows themselves: columns that no object of a batch has are null, keys that were not asked for are passed over. */
export class StructColumn extends Column {
  private readonly members: { name: string; key: Uint8Array; column: JsonColumn; rows: number }[];

  constructor(type: DataType) {
    super(type);
    this.members = (type.children as Field[]).map((field) => ({
      name: field.name,
      key: Buffer.from(field.name),
      column: jsonColumn(field),
      rows: 0,
    }));
  }

  override get byteLength(): number {
    return this.members.reduce((sum, { column }) => sum + column.byteLength, 0);
  }

  read(scanner: JsonScanner): void {
    if (scanner.peek() !== 0x7b) throw scanner.unexpected('an object');
    const { members } = this;
    let expected = 0;
    scanner.object(() => {
      const likely = members[expected++];
      const member = likely && isKey(scanner, likely.key) ? likely : this.find(scanner);
      if (!member) {
        scanner.skip();
        return;
      }
      if (member.rows > this.length) throw scanner.twice(member.name);
      readValue(scanner, member.column);
      member.rows++;
    });
    this.length++;
    this.fillUp();
  }

  override readNull(): void {
    super.readNull();
    this.fillUp();
  }

  protected parts(): object {
    for (const member of this.members) member.rows = 0;
    return { children: this.members.map(({ column }) => column.finish()) };
  }

  private find(scanner: JsonScanner) {
    const name = scanner.text();
    return this.members.find((member) => member.name === name);
  }

  private fillUp(): void {
    for (const member of this.members) {
      if (member.rows === this.length) continue;
      member.column.readNull();
      member.rows++;
    }
  }
}
