import { PrecisError } from '../../errors.js';
import { type Row, rowsOf } from '../../table/record.js';
import type { Table } from '../../table/table.js';
import { hashOf, keyOf } from './canonical.js';
import type { Compared } from './tally.js';
import type { ShownRow } from './types.js';

/** Of each row of `a` its key and a hash a column. */
interface Index {
  readonly rows: Map<string, number>;
  readonly hashes: number[];
}

/** A pass over `a` for hashes, one over `b` to compare, and one over `a` for what is to be shown. */
export async function diffByKey(a: Table, b: Table, compared: Compared): Promise<{ a: number; b: number }> {
  const { columns, tally } = compared;
  const index: Index = { rows: new Map(), hashes: [] };
  await eachRow(a, compared, (row, key) => {
    if (index.rows.has(key)) throw twice(a.label, row, compared);
    index.rows.set(key, index.rows.size);
    for (const name of columns) index.hashes.push(hashOf(row[name]));
  });
  const counts = { a: index.rows.size, b: 0 };
  const met = new Set<string>();
  const toShow = new Map<string, number>();
  await eachRow(b, compared, (row, key) => {
    counts.b++;
    if (met.has(key)) throw twice(b.label, row, compared);
    met.add(key);
    const at = index.rows.get(key);
    if (at === undefined) return tally.onlyIn('b', plainKey(row, compared), row);
    const changed = columns.filter((name, i) => index.hashes[at * columns.length + i] !== hashOf(row[name]));
    if (changed.length === 0) return tally.equal();
    if (!tally.changed(changed)) return;
    toShow.set(key, tally.shown.length);
    const values = Object.fromEntries(changed.map((name) => [name, { b: row[name] }]));
    tally.shown.push({ kind: 'changed', key: plainKey(row, compared), values });
  });
  await look(a, compared, toShow, met);
  return counts;
}

/** The values of `a` for the rows that are shown, and the rows that `b` lacks. */
async function look(
  a: Table,
  compared: Compared,
  toShow: ReadonlyMap<string, number>,
  met: ReadonlySet<string>,
): Promise<void> {
  const { tally } = compared;
  await eachRow(a, compared, (row, key) => {
    const at = toShow.get(key);
    if (at !== undefined) tally.shown[at] = withA(tally.shown[at], row);
    else if (!met.has(key)) tally.onlyIn('a', plainKey(row, compared), row);
  });
}

function withA(shown: ShownRow, row: Row): ShownRow {
  const values = Object.entries(shown.values).map(([name, { b }]) => [name, { a: row[name], b }]);
  return { ...shown, values: Object.fromEntries(values) };
}

async function eachRow(table: Table, compared: Compared, visit: (row: Row, key: string) => void): Promise<void> {
  const { columns, key, signal } = compared;
  const wanted = [...new Set([...key, ...columns])];
  for await (const batch of table.batches({ columns: wanted, signal })) {
    signal?.throwIfAborted();
    for (const row of rowsOf(batch)) visit(row, keyOf(row, key));
  }
}

function plainKey(row: Row, { key }: Compared): Record<string, unknown> {
  return Object.fromEntries(key.map((name) => [name, row[name]]));
}

function twice(label: string, row: Row, compared: Compared): PrecisError {
  const key = Object.entries(plainKey(row, compared)).map(([name, value]) => `${name} = ${value}`);
  return new PrecisError('column', {
    found: `${key.join(', ')} twice in ${label}`,
    expected: 'a key that names one row',
    action: 'name more columns, or none to compare row by row',
  });
}
