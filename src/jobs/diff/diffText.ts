import type { DiffResult, DiffSide, ShownRow } from './types.js';

const LONGEST = 200;

/** For people. */
export function diffText(result: DiffResult): string {
  const { a, b, rows, schema, shown, changed_by_column } = result;
  const side = ({ label, rows }: DiffSide) => `${label}, ${count(rows)} rows`;
  const lines = [`a: ${side(a)}`, `b: ${side(b)}`];
  if (result.same) return `${[...lines, 'the same'].join('\n')}\n`;
  for (const { column, a, b } of schema) {
    lines.push(
      a === null || b === null
        ? `column ${column} is only in ${a === null ? 'b' : 'a'}`
        : `column ${column} is ${a} in a, ${b} in b`,
    );
  }
  lines.push(
    `rows: ${count(rows.equal)} equal, ${count(rows.changed)} changed, ${count(rows.only_in_a)} only in a, ${count(rows.only_in_b)} only in b`,
  );
  const changed = Object.entries(changed_by_column).filter(([, number]) => number > 0);
  if (changed.length > 0)
    lines.push(`changed: ${changed.map(([name, number]) => `${name} ${count(number)}`).join(', ')}`);
  for (const row of shown) lines.push('', ...rowLines(row));
  const left = rows.changed + rows.only_in_a + rows.only_in_b - shown.length;
  if (left > 0) lines.push('', `and ${count(left)} more`);
  return `${lines.join('\n')}\n`;
}

/** The result as JSON text: numbers that JSON cannot say exactly, and bytes, are texts. */
export function diffJson(result: DiffResult): string {
  return JSON.stringify(result, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  });
}

function rowLines({ kind, key, values }: ShownRow): string[] {
  const name = Object.entries(key)
    .map(([column, value]) => `${column} ${valueText(value)}`)
    .join(', ');
  const lines = [kind === 'changed' ? name : `${name}, only in ${kind.at(-1)}`];
  for (const [column, value] of Object.entries(values)) {
    if ('a' in value) lines.push(`  - ${column}: ${valueText(value.a)}`);
    if ('b' in value) lines.push(`  + ${column}: ${valueText(value.b)}`);
  }
  return lines;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (inner(value) ?? 'null');
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

function inner(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
