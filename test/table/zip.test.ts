import type { RecordBatch } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { batchFromIpc, batchToIpc, sliceBatch } from '../../src/table/columns.js';
import { batchFromRows } from '../../src/table/fromRows.js';
import { rowsOf } from '../../src/table/record.js';
import { dropRows, takeRows } from '../../src/table/takeRows.js';
import { zipBatches } from '../../src/table/zip.js';

const row = (id: number) => ({
  id,
  text: id % 3 === 2 ? null : `text ${id}`,
  list: Array(id % 4).fill(`${id}`),
  flag: id % 2 === 0,
  pair: id % 5 === 4 ? null : { n: id, t: `${id}` },
});
const ROWS = Array.from({ length: 40 }, (_, id) => row(id));
const more = ROWS.map(({ id }) => ({ text: `new ${id}`, score: id / 2 }));
const whole = batchFromRows(ROWS);
const added = batchFromRows(more);

/** Through Arrow's own bytes, as it would go to a file. */
const plain = (batch: RecordBatch) => [...rowsOf(batchFromIpc(batchToIpc(batch)))].map((found) => ({ ...found }));

async function* cut(batch: RecordBatch, sizes: readonly number[], onEnd = () => {}): AsyncGenerator<RecordBatch> {
  let start = 0;
  try {
    for (const size of sizes) {
      yield sliceBatch(batch, start, start + size);
      start += size;
    }
  } finally {
    onEnd();
  }
}

describe('zipBatches', () => {
  it.each([
    ['cut alike', [20, 20], [20, 20], [20, 20]],
    ['cut differently', [7, 30, 3], [10, 5, 25], [7, 3, 5, 22, 3]],
    ['with batches without rows', [0, 40, 0], [1, 0, 0, 39], [1, 39]],
    ['without rows', [], [0], []],
  ])('joins the columns of both: %s', async (_, left, right, expected) => {
    const rows: unknown[] = [];
    const sizes: number[] = [];
    for await (const batch of zipBatches(cut(whole, left), cut(added, right))) {
      expect(batch.schema.names).toEqual(['id', 'text', 'list', 'flag', 'pair', 'score']);
      sizes.push(batch.numRows);
      rows.push(...plain(batch));
    }
    expect(sizes).toEqual(expected);
    expect(rows).toEqual(ROWS.slice(0, rows.length).map((old, i) => ({ ...old, ...more[i] })));
  });

  it.each([
    [
      'the right one',
      [30],
      [20, 9],
      /^\[table\] the further columns end after 29 rows, expected as many rows as the table has$/,
    ],
    [
      'the left one',
      [12],
      [40],
      /^\[table\] the table ends after 12 rows, expected as many rows as the further columns have$/,
    ],
  ])('refuses that %s ends first, and lets go of both', async (_, left, right, message) => {
    let ended = 0;
    const zipped = zipBatches(
      cut(whole, left, () => ended++),
      cut(added, right, () => ended++),
    );
    const drain = async () => {
      for await (const batch of zipped) expect(batch.numRows).toBeGreaterThan(0);
    };
    await expect(drain()).rejects.toThrow(message);
    expect(ended).toBe(2);
  });

  it('lets go of both sides when it is left early', async () => {
    let ended = 0;
    for await (const batch of zipBatches(
      cut(whole, [5, 35], () => ended++),
      cut(added, [20, 20], () => ended++),
    )) {
      expect(batch.numRows).toBe(5);
      break;
    }
    expect(ended).toBe(2);
  });
});

describe('dropRows and takeRows', () => {
  it.each([
    ['none', () => false],
    ['all', () => true],
    ['the first', (id: number) => id === 0],
    ['the last', (id: number) => id === 39],
    ['every other', (id: number) => id % 2 === 1],
    ['runs', (id: number) => id % 10 > 3],
    ['a run in the middle', (id: number) => id > 3 && id < 30],
  ])('keep %s', (_, keeps) => {
    const kept = ROWS.filter(({ id }) => keeps(id));
    const mask = Uint8Array.from(ROWS, ({ id }) => (keeps(id) ? 1 : 0));
    expect(plain(dropRows(whole, mask))).toEqual(kept);
    const taken = takeRows(
      whole,
      kept.map(({ id }) => id),
    );
    expect(plain(taken)).toEqual(kept);
    // Of a slice too, whose buffers begin elsewhere.
    expect(plain(dropRows(sliceBatch(whole, 3, 37), mask.subarray(3, 37)))).toEqual(
      kept.filter(({ id }) => id >= 3 && id < 37),
    );
  });
});
