import { type Data, DataType, type RecordBatch, type Schema } from 'apache-arrow';
import { decimalText, isSimple, type RawValue, rawValue, valueText } from './rawValues.js';

/** Delta's own default: columns beyond these have no statistics. */
const MOST_COLUMNS = 32;
/** Longer texts are cut: readers only need bounds. */
const MOST_CHARACTERS = 32;
/** Sorts behind every character, so that a cut text with it stays above what it was cut from. */
const LAST_CHARACTER = '\u{10ffff}';

/** What the log says of a new file's rows: their number, and of each simple column the nulls, the least and the greatest value. */
export class FileStats {
  private rows = 0;
  private readonly columns: ColumnStats[];

  constructor(schema: Schema) {
    this.columns = schema.fields
      .slice(0, MOST_COLUMNS)
      .map(({ name, type }, at) => new ColumnStats(name, type, at))
      .filter(({ type }) => isSimple(type));
  }

  get numRecords(): number {
    return this.rows;
  }

  add(batch: RecordBatch): void {
    this.rows += batch.numRows;
    for (const column of this.columns) column.add(batch.data.children[column.at]);
  }

  /** By hand, because JSON.stringify has no way to write all digits of a 64-bit integer or a decimal. */
  json(): string {
    const list = (pick: (column: ColumnStats) => string | null) =>
      this.columns.flatMap((column) => {
        const text = pick(column);
        return text === null ? [] : [`${JSON.stringify(column.name)}:${text}`];
      });
    const object = (entries: readonly string[]) => `{${entries.join(',')}}`;
    return object([
      `"numRecords":${this.rows}`,
      `"minValues":${object(list((column) => column.least()))}`,
      `"maxValues":${object(list((column) => column.greatest()))}`,
      `"nullCount":${object(list((column) => String(column.nulls)))}`,
    ]);
  }
}

class ColumnStats {
  nulls = 0;
  private min: RawValue | null = null;
  private max: RawValue | null = null;
  /** NaN is neither less nor greater: a column that has it gets no bounds. */
  private isOrdered: boolean;

  constructor(
    readonly name: string,
    readonly type: DataType,
    readonly at: number,
  ) {
    this.isOrdered = !DataType.isBool(type) && !DataType.isBinary(type);
  }

  add(data: Data): void {
    this.nulls += data.nullCount;
    if (!this.isOrdered || data.nullCount === data.length) return;
    const from = this.extreme(data, -1);
    const to = this.extreme(data, 1);
    if (!this.isOrdered) return;
    if (this.min === null || compare(from, this.min) < 0) this.min = kept(from);
    if (this.max === null || compare(to, this.max) > 0) this.max = kept(to);
  }

  least(): string | null {
    if (!this.isOrdered || this.min === null) return null;
    return this.min instanceof Uint8Array ? JSON.stringify(cut(this.min)) : this.literal(this.min);
  }

  greatest(): string | null {
    if (!this.isOrdered || this.max === null) return null;
    if (!(this.max instanceof Uint8Array)) return this.literal(this.max);
    const short = cut(this.max);
    return JSON.stringify(Buffer.byteLength(short) < this.max.length ? short + LAST_CHARACTER : short);
  }

  private literal(value: RawValue): string | null {
    if (typeof value !== 'bigint') return Number.isFinite(value) ? String(value) : null;
    if (DataType.isDecimal(this.type)) return decimalText(value, this.type.scale);
    if (DataType.isInt(this.type)) return String(value);
    const text = valueText(value, this.type);
    return text && JSON.stringify(text.replace(' ', 'T'));
  }

  /** The least (-1) or greatest (1) value of the chunk. */
  private extreme(data: Data, sign: number): RawValue {
    const { type } = this;
    if (DataType.isUtf8(type)) return extremeText(data, sign);
    if (DataType.isDecimal(type)) return extremeDecimal(data, sign);
    const { values, length } = data;
    const hasNulls = data.nullCount > 0;
    let best: number | bigint | null = null;
    for (let i = 0; i < length; i++) {
      if (hasNulls && !data.getValid(i)) continue;
      const value = values[i];
      if (Number.isNaN(value)) this.isOrdered = false;
      if (best === null || (sign < 0 ? value < best : value > best)) best = value;
    }
    return DataType.isFloat(type) ? Number(best) : BigInt(best!);
  }
}

function extremeText(data: Data, sign: number): Uint8Array {
  const { values, valueOffsets, length } = data;
  let [start, end] = [-1, -1];
  for (let i = 0; i < length; i++) {
    if (!data.getValid(i)) continue;
    const [from, to] = [valueOffsets[i], valueOffsets[i + 1]];
    if (start >= 0 && compareBytes(values, from, to, values, start, end) * sign <= 0) continue;
    [start, end] = [from, to];
  }
  return values.subarray(start, end);
}

function extremeDecimal(data: Data, sign: number): bigint {
  let best: bigint | null = null;
  for (let i = 0; i < data.length; i++) {
    const value = rawValue(data, i) as bigint | null;
    if (value !== null && (best === null || (sign < 0 ? value < best : value > best))) best = value;
  }
  return best!;
}

/** Texts by their bytes, which is by their code points, as readers compare them. */
function compare(a: RawValue, b: RawValue): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, 0, a.length, b, 0, b.length);
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareBytes(a: Uint8Array, from: number, to: number, b: Uint8Array, start: number, end: number): number {
  const shared = Math.min(to - from, end - start);
  for (let i = 0; i < shared; i++) {
    const difference = a[from + i] - b[start + i];
    if (difference !== 0) return difference;
  }
  return to - from - (end - start);
}

/** A copy, which does not hold on to the whole batch. */
function kept(value: RawValue): RawValue {
  return value instanceof Uint8Array ? value.slice() : value;
}

function cut(bytes: Uint8Array): string {
  // No character takes more than four bytes.
  const text = Buffer.from(bytes.subarray(0, 4 * MOST_CHARACTERS + 4)).toString('utf8');
  return Array.from(text).slice(0, MOST_CHARACTERS).join('');
}
