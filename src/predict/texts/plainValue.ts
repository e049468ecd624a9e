import { MapRow, StructRow, Vector } from 'apache-arrow';

/** Arrow's views of lists, structs and maps as values of their own, all the way down. */
export function plainValue(value: unknown): unknown {
  if (value instanceof Vector) return Array.from(value, plainValue);
  if (value instanceof StructRow || value instanceof MapRow) {
    return Object.fromEntries([...value].map(([name, field]) => [name, plainValue(field)]));
  }
  return value;
}
