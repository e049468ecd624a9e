import { type Data, DataType, DateUnit, type RecordBatch, type Schema, TimeUnit, Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { isText, requireColumn, textValues } from '../columns.js';
import { decimalText, rawValue } from '../delta/rawValues.js';
import { dateText, timeText } from '../delta/times.js';

/** What of two columns can be equal: a key of 32-bit integers finds one of 64 bits, but never a text. */
export function family(type: DataType): string | null {
  if (isText(type)) return 'text';
  if (DataType.isInt(type)) return 'whole numbers';
  if (DataType.isBool(type)) return 'true or false';
  if (DataType.isDate(type)) return 'dates';
  if (DataType.isTimestamp(type)) return type.timezone ? 'times' : 'times without a zone';
  if (DataType.isDecimal(type)) return `decimals with ${type.scale} digits after the point`;
  return DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type) ? 'bytes' : null;
}

/** Refuses key columns that one of the tables lacks, that can never be equal, or that are no keys (floats, lists, structs). */
export function checkKey(key: readonly string[], source: Schema, target: Schema, label: string): void {
  if (key.length === 0) {
    throw new PrecisError('usage', { found: 'a merge without a key', expected: 'the columns that name a row' });
  }
  for (const name of key) {
    const theirs = family(requireColumn(target, name, label).type);
    const ours = family(requireColumn(source, name, 'the rows to merge').type);
    if (theirs !== null && theirs === ours) continue;
    const types = [target, source].map((schema) => schema.fields.find((field) => field.name === name)!.type);
    throw new PrecisError('column', {
      found: `key column ${name} is ${types[0]} in ${label} and ${types[1]} in the rows to merge`,
      expected: theirs ? `${theirs} in both` : 'a column of text, whole numbers, dates, times, decimals or bytes',
    });
  }
}

/** A text for each row's key, equal for equal keys and fit to be shown; null if a part of the key is null. */
export function keyTexts(batch: RecordBatch, key: readonly string[]): (string | null)[] {
  const parts = key.map((name) => columnTexts(batch.getChild(name)!.data[0]));
  if (parts.length === 1) return parts[0];
  return parts[0].map((_, row) => {
    const texts = parts.map((texts) => texts[row]);
    return texts.includes(null) ? null : JSON.stringify(texts);
  });
}

export function shownKey(key: readonly string[], text: string): string {
  return `${key.join(', ')} = ${text.length > 100 ? `${text.slice(0, 97)}...` : text}`;
}

/** The same of one column of simple values, whatever it is kept in: an instant has one text in seconds and in nanoseconds. */
export function columnTexts(data: Data): (string | null)[] {
  const { type } = data;
  if (isText(type)) return textValues(new Vector([data]));
  return Array.from({ length: data.length }, (_, row) => {
    const value = rawValue(data, row);
    if (value === null) return null;
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    if (DataType.isDate(type)) return dayText(value as bigint, type.unit);
    if (DataType.isTimestamp(type)) return instantText(value as bigint, type.unit);
    return DataType.isDecimal(type) ? decimalText(value as bigint, type.scale) : String(value);
  });
}

function dayText(value: bigint, unit: DateUnit): string {
  const days = unit === DateUnit.DAY ? value : value / 86_400_000n;
  return dateText(Number(days)) ?? `day ${days}`;
}

const NANOSECONDS: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 1_000_000_000n,
  [TimeUnit.MILLISECOND]: 1_000_000n,
  [TimeUnit.MICROSECOND]: 1000n,
  [TimeUnit.NANOSECOND]: 1n,
};

function instantText(value: bigint, unit: TimeUnit): string {
  const nanoseconds = value * NANOSECONDS[unit];
  return (nanoseconds % 1000n === 0n && timeText(nanoseconds / 1000n)) || `${nanoseconds} ns`;
}
