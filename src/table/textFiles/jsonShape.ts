import { Bool, type DataType, Field, Float64, Int64, List, Null, Struct, Uint64, Utf8 } from 'apache-arrow';
import type { JsonScanner } from './jsonScanner.js';

const BOOL = 1;
const WHOLE = 2;
const FRACTION = 4;
const TEXT = 8;
const LIST = 16;
const OBJECT = 32;
/** Numbers that no number type holds: integers of more than 64 bits, fractions beyond a double. */
const HUGE = 64;

/** An object with more keys than these in one column is a map whose keys are data, not a struct. */
const MOST_FIELDS = 1000;
const MOST_INT64 = 2n ** 63n - 1n;
const MOST_UINT64 = 2n ** 64n - 1n;

/** A text column whose texts are JSON, marked the way Arrow does: PyArrow and DuckDB know it, and our JSONL writer writes it back as it was. */
export const JSON_METADATA: ReadonlyMap<string, string> = new Map([
  ['ARROW:extension:name', 'arrow.json'],
  ['ARROW:extension:metadata', ''],
]);

interface Member {
  readonly name: string;
  readonly key: Uint8Array;
  readonly shape: JsonShape;
  /** The object that had it last: twice the same is a key that stands twice. */
  seen: number;
}

/** What kinds of values a column has had so far. */
export class JsonShape {
  private kinds = 0;
  private negative = false;
  private aboveInt64 = false;
  private inexact = false;
  private item: JsonShape | null = null;
  private members: Member[] = [];
  private byName = new Map<string, Member>();
  private objects = 0;

  /** `mostFields`: of the rows themselves there is no limit. */
  constructor(private readonly mostFields = MOST_FIELDS) {}

  observe(scanner: JsonScanner): void {
    switch (scanner.peek()) {
      case 0x7b:
        this.observeObject(scanner);
        return;
      case 0x5b: {
        this.kinds |= LIST;
        this.item ??= new JsonShape();
        const { item } = this;
        scanner.list(() => item.observe(scanner));
        return;
      }
      case 0x22:
        this.kinds |= TEXT;
        break;
      case 0x74:
      case 0x66:
        this.kinds |= BOOL;
        break;
      default:
        if (scanner.atNumber()) {
          scanner.number();
          this.observeNumber(scanner);
          return;
        }
    }
    scanner.skip();
  }

  /** The columns of the rows. */
  fields(): Field[] {
    return this.members.map(({ name, shape }) => shape.field(name));
  }

  private field(name: string): Field {
    const type = this.type();
    return type ? new Field(name, type, true) : new Field(name, new Utf8(), true, new Map(JSON_METADATA));
  }

  /** Null where the values are of several kinds: such a column is carried as JSON text. */
  private type(): DataType | null {
    switch (this.kinds) {
      case 0:
        return new Null();
      case BOOL:
        return new Bool();
      case TEXT:
        return new Utf8();
      case FRACTION:
        return new Float64();
      case WHOLE:
        if (!this.aboveInt64) return new Int64();
        return this.negative ? null : new Uint64();
      case WHOLE | FRACTION:
        return this.inexact ? null : new Float64();
      case LIST:
        return new List(this.item!.field('item'));
      case OBJECT:
        return this.members.length > 0 ? new Struct(this.fields()) : null;
      default:
        return null;
    }
  }

  private observeNumber(scanner: JsonScanner): void {
    const digits = scanner.digits();
    if (!scanner.whole || digits === '-0') {
      this.kinds |= Number.isFinite(Number(digits)) ? FRACTION : HUGE;
      return;
    }
    this.kinds |= WHOLE;
    if (digits[0] === '-') this.negative = true;
    if (digits.length <= 15) return;
    const value = BigInt(digits);
    if (value > MOST_UINT64 || value < -MOST_INT64 - 1n) this.kinds |= HUGE;
    else if (value > MOST_INT64) this.aboveInt64 = true;
    if (BigInt(Number(digits)) !== value) this.inexact = true;
  }

  private observeObject(scanner: JsonScanner): void {
    this.kinds |= OBJECT;
    if (this.kinds & HUGE) {
      scanner.skip();
      return;
    }
    const object = ++this.objects;
    let expected = 0;
    scanner.object(() => {
      const member = this.member(scanner, expected++);
      if (member.seen === object) throw scanner.twice(member.name);
      member.seen = object;
      member.shape.observe(scanner);
    });
    if (this.members.length <= this.mostFields) return;
    this.kinds |= HUGE;
    this.members = [];
    this.byName.clear();
  }

  private member(scanner: JsonScanner, expected: number): Member {
    const likely = this.members[expected];
    if (likely && isKey(scanner, likely.key)) return likely;
    const name = scanner.text();
    let member = this.byName.get(name);
    if (!member) {
      member = { name, key: Buffer.from(name), shape: new JsonShape(), seen: 0 };
      this.byName.set(name, member);
      this.members.push(member);
    }
    return member;
  }
}

/** Whether the key that was just read is this one; an escaped one is compared otherwise. */
export function isKey(scanner: JsonScanner, key: Uint8Array): boolean {
  const { bytes, start, end, escaped } = scanner;
  if (escaped || end - start !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}
