import { MapRow, StructRow, Vector } from 'apache-arrow';

/** A value of an Arrow column as JSON would hold it: sizes and times are far below where numbers lose digits. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Vector) return Array.from(value, plainValue);
  if (value instanceof StructRow || value instanceof MapRow) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plainValue(item)]));
  }
  return value;
}
