import { type Data, DataType } from 'apache-arrow';
import { dateText, daysOf, microsecondsOf, timeText } from './times.js';

/**
 * A single value of a simple column as it lies in memory: bytes of texts, whole numbers as bigint (days, microseconds and
 * unscaled decimals too), floats as number.
 */
export type RawValue = Uint8Array | bigint | number | boolean;

/** Types whose values this file knows; lists, structs and maps have none. */
export function isSimple(type: DataType): boolean {
  return (type.children ?? []).length === 0 && !DataType.isNull(type) && !DataType.isDictionary(type);
}

export function rawValue(data: Data, row: number): RawValue | null {
  if (!data.getValid(row)) return null;
  const { type, values } = data;
  if (hasOffsets(type)) return values.subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
  if (DataType.isFixedSizeBinary(type)) return values.subarray(row * data.stride, (row + 1) * data.stride);
  if (DataType.isBool(type)) {
    const at = data.offset + row;
    return (values[at >> 3] & (1 << (at & 7))) !== 0;
  }
  if (DataType.isDecimal(type)) return unscaled(values.subarray(row * data.stride, (row + 1) * data.stride));
  return DataType.isFloat(type) ? Number(values[row]) : BigInt(values[row]);
}

function hasOffsets(type: DataType): boolean {
  const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  return isText || DataType.isBinary(type) || DataType.isLargeBinary(type);
}

function unscaled(words: Uint32Array): bigint {
  const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(words.length * 32, value);
}

/** As partition values and messages show it; null if there is no text for it that every reader understands. */
export function valueText(value: RawValue, type: DataType): string | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'bigint') return String(value);
  if (DataType.isDate(type)) return dateText(Number(value));
  if (DataType.isTimestamp(type)) {
    const text = timeText(value);
    return text && (type.timezone ? `${text}Z` : text.replace('T', ' '));
  }
  return DataType.isDecimal(type) ? decimalText(value, type.scale) : String(value);
}

export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The value that a partition's text stands for; undefined if it stands for none of the type. */
export function parseValue(text: string, type: DataType): RawValue | undefined {
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return Buffer.from(text, 'utf8');
  if (DataType.isBool(type)) return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
  if (DataType.isFloat(type)) return parseFloating(text);
  if (DataType.isDate(type)) return asBigInt(daysOf(text));
  if (DataType.isTimestamp(type)) return microsecondsOf(text) ?? undefined;
  if (DataType.isDecimal(type)) return parseDecimal(text, type.scale, type.precision);
  if (!DataType.isInt(type) || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(type.bitWidth, value) === value ? value : undefined;
}

function asBigInt(value: number | null): bigint | undefined {
  return value === null ? undefined : BigInt(value);
}

function parseFloating(text: string): number | undefined {
  const value = Number(text);
  return text === 'NaN' || (!Number.isNaN(value) && text.trim() !== '') ? value : undefined;
}

function parseDecimal(text: string, scale: number, precision: number): bigint | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  const fraction = parts?.[3] ?? '';
  if (!parts || parts[2] + fraction === '' || /[1-9]/.test(fraction.slice(scale))) return undefined;
  const digits = parts[2] + fraction.slice(0, scale).padEnd(scale, '0');
  if (digits.replace(/^0+/, '').length > precision) return undefined;
  return BigInt(digits || '0') * (parts[1] === '-' ? -1n : 1n);
}
