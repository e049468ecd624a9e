import type { Row } from '../../table/record.js';

/** A value as text that is equal where values are: null and NaN to themselves, whole numbers whatever their width, -0 to 0. */
export function canonical(value: unknown): string {
  if (value === null || value === undefined) return 'n';
  if (typeof value === 'string') return `s${JSON.stringify(value)}`;
  if (typeof value === 'number') return `d${value === 0 ? 0 : value}`;
  if (typeof value === 'bigint') return `d${value}`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `[${Array.from(value as unknown as ArrayLike<unknown>, canonical).join(',')}]`;
  }
  const entries = Object.entries(value as Record<string, unknown>);
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`;
}

export function keyOf(row: Row, names: readonly string[]): string {
  return names.map((name) => canonical(row[name])).join(',');
}

/** 53 bits of a value's canonical text: two that differ are taken for equal once in 10^16. */
export function hashOf(value: unknown): number {
  const text = canonical(value);
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
