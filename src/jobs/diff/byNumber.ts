import { type Row, rowsOf } from '../../table/record.js';
import type { Table } from '../../table/table.js';
import { canonical } from './canonical.js';
import type { Compared } from './tally.js';

/** Row by row, side by side. */
export async function diffByNumber(a: Table, b: Table, compared: Compared): Promise<{ a: number; b: number }> {
  const { columns, tally, signal } = compared;
  const [ofA, ofB] = [a, b].map((table) => rows(table, columns, signal));
  const counts = { a: 0, b: 0 };
  try {
    for (let number = 1; ; number++) {
      const [inA, inB] = [await ofA.next(), await ofB.next()];
      if (inA.done && inB.done) return counts;
      if (!inA.done) counts.a++;
      if (!inB.done) counts.b++;
      if (inA.done) tally.onlyIn('b', { row: number }, inB.value as Row);
      else if (inB.done) tally.onlyIn('a', { row: number }, inA.value);
      else compare(inA.value, inB.value, number, compared);
    }
  } finally {
    await Promise.all([ofA.return(), ofB.return()]);
  }
}

function compare(a: Row, b: Row, row: number, { columns, tally }: Compared): void {
  const changed = columns.filter((name) => canonical(a[name]) !== canonical(b[name]));
  if (changed.length === 0) tally.equal();
  else if (tally.changed(changed)) {
    const values = Object.fromEntries(changed.map((name) => [name, { a: a[name], b: b[name] }]));
    tally.shown.push({ kind: 'changed', key: { row }, values });
  }
}

async function* rows(table: Table, columns: readonly string[], signal?: AbortSignal): AsyncGenerator<Row, void, void> {
  for await (const batch of table.batches({ columns, signal })) {
    signal?.throwIfAborted();
    yield* rowsOf(batch);
  }
}
