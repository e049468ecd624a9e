import { type Data, DataType, DateUnit, type Decimal, Precision, TimeUnit } from 'apache-arrow';

/** One value of a column as text. Asked only for rows that are not null. */
export interface ScalarText {
  /** Whether JSON takes the text as it is or wants it in quotes. */
  readonly bare: boolean;
  of(data: Data, row: number): string;
}

const MILLISECONDS_A_DAY = 86_400_000n;
const PER_SECOND: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};

/**
 * The text of a type that has one: digits of numbers and decimals, true and false, ISO 8601 of dates, times and timestamps (with a zone in UTC, ending in Z), a
 * duration's number of units. Null for all other types.
 */
export function scalarText(type: DataType): ScalarText | null {
  if (DataType.isBool(type)) {
    return { bare: true, of: ({ values, offset }, row) => String(isSet(values, offset + row)) };
  }
  if (DataType.isInt(type) || DataType.isDuration(type)) {
    return { bare: true, of: ({ values }, row) => String(values[row]) };
  }
  if (DataType.isFloat(type)) return { bare: true, of: floatText(type.precision) };
  if (DataType.isDecimal(type)) return { bare: true, of: ({ values }, row) => decimalText(values, row, type) };
  if (DataType.isDate(type)) {
    const perDay = type.unit === DateUnit.DAY ? 1n : MILLISECONDS_A_DAY;
    return { bare: false, of: ({ values }, row) => dateText(floorDivide(BigInt(values[row]), perDay)) };
  }
  if (DataType.isTime(type)) {
    return { bare: false, of: ({ values }, row) => timeText(BigInt(values[row]), type.unit) };
  }
  if (DataType.isTimestamp(type)) {
    const zone = type.timezone ? 'Z' : '';
    return { bare: false, of: ({ values }, row) => timestampText(BigInt(values[row]), type.unit) + zone };
  }
  return null;
}

function isSet(bits: Uint8Array, at: number): boolean {
  return (bits[at >> 3] & (1 << (at & 7))) !== 0;
}

/** The shortest digits that read back to the same value; a whole number keeps a `.0`, so that it is read as a float again. */
function floatText(precision: Precision): ScalarText['of'] {
  return (data, row) => {
    let value = data.values[row] as number;
    if (precision === Precision.HALF) value = halfValue(value);
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
    const text = Object.is(value, -0) ? '-0' : precision === Precision.DOUBLE ? String(value) : shortSingle(value);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  };
}

/** JavaScript prints the double that a single is equal to, with digits that the single does not have. */
function shortSingle(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

function halfValue(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function decimalText(words: Uint32Array, row: number, { bitWidth, scale }: Decimal): string {
  const count = bitWidth / 32;
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[row * count + i]);
  value = BigInt.asIntN(bitWidth, value);
  if (scale <= 0) return `${value}${'0'.repeat(-scale)}`.replace(/^0+$/, '0');
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function timestampText(value: bigint, unit: TimeUnit): string {
  const perDay = PER_SECOND[unit] * 86_400n;
  const day = floorDivide(value, perDay);
  return `${dateText(day)}T${timeText(value - day * perDay, unit)}`;
}

function timeText(value: bigint, unit: TimeUnit): string {
  const perSecond = PER_SECOND[unit];
  const seconds = Number(value / perSecond);
  const two = (number: number) => String(number).padStart(2, '0');
  const whole = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (perSecond === 1n) return whole;
  return `${whole}.${String(value % perSecond).padStart(String(perSecond).length - 1, '0')}`;
}

/** The proleptic Gregorian calendar, also beyond what JavaScript's Date holds (Arrow's days reach 5.8 million years). */
function dateText(day: bigint): string {
  // Counted from 1 March of year 0 in eras of 400 years, in which leap days come last.
  const shifted = day + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const dayOfEra = Number(shifted - era * 146_097n);
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = era * 400n + BigInt(yearOfEra + (month <= 2 ? 1 : 0));
  const digits = String(year < 0n ? -year : year).padStart(4, '0');
  return `${year < 0n ? '-' : ''}${digits}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
