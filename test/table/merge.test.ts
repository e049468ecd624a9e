import { Dictionary, Int32, LargeUtf8, type RecordBatch, Utf8 } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/table/derive.js';
import { mergedTable } from '../../src/table/merge.js';
import type { Source } from '../../src/table/types.js';
import { batchWith, type Columns } from './delta/rows.js';
import { problemOf, rowsOf } from './delta/support.js';

function source(...batches: RecordBatch[]): Source {
  return memorySource('the target', batches[0].schema, () => batches);
}

async function* streamed(...batches: RecordBatch[]): AsyncGenerator<RecordBatch> {
  yield* batches;
}

const target = source(
  batchWith({ id: [new Int32(), [1, 2, null]], text: [new Utf8(), ['a', 'b', 'c']] }),
  batchWith({ id: [new Int32(), [4, 5]], text: [new Utf8(), ['d', null]] }),
);

const merged = (updates: readonly Columns[], key: string[], columns: string[], into = target) =>
  mergedTable(into, streamed(...updates.map(batchWith)), key, columns);

test('rows keep their order and their other columns; updates may come in any', async () => {
  const table = await merged(
    [
      { id: [new Int32(), [5]], text: [new Utf8(), ['e']] },
      { text: [new Utf8(), [null, 'A']], id: [new Int32(), [2, 1]] },
    ],
    ['id'],
    ['text'],
  );
  const expected = [
    { id: 1, text: 'A' },
    { id: 2, text: null },
    { id: null, text: 'c' },
    { id: 4, text: 'd' },
    { id: 5, text: 'e' },
  ];
  expect(await rowsOf(table)).toEqual(expected);
  // Every pass is one from the start.
  expect(await rowsOf(table)).toEqual(expected);
  expect(await rowsOf(table, { columns: ['text'], limit: 2 })).toContainEqual({ text: 'A' });
});

test('new columns, of types that Delta does not have', async () => {
  const updates = {
    id: [new Int32(), [4]],
    large: [new LargeUtf8(), ['x']],
    code: [new Dictionary(new Utf8(), new Int32()), ['k']],
  } as const;
  const table = await merged([updates], ['id'], ['large', 'code']);
  expect(table.schema.fields.map(({ name }) => name)).toEqual(['id', 'text', 'large', 'code']);
  const rows = await rowsOf(table);
  expect(rows[3]).toEqual({ id: 4, text: 'd', large: 'x', code: 'k' });
  expect(rows[0]).toEqual({ id: 1, text: 'a', large: null, code: null });
});

test('no updates at all leave the table as it is', async () => {
  expect(await mergedTable(target, streamed(), ['id'], ['text'])).toBe(target);
});

describe('what is refused', () => {
  test.for<[name: string, updates: Columns, message: RegExp]>([
    [
      'rows without a match',
      { id: [new Int32(), [9, 1]], text: [new Utf8(), ['x', 'y']] },
      /^\[input\] 1 row to merge has no row of its key in the target, the first is id = 9, /,
    ],
    [
      'a key twice',
      { id: [new Int32(), [1, 1]], text: [new Utf8(), ['x', 'y']] },
      /^\[input\] the rows to merge have the key id = 1 twice/,
    ],
    [
      'another type',
      { id: [new Int32(), [1]], text: [new Int32(), [1]] },
      /^\[column\] column text of the rows to merge is Int32, expected Utf8, as in the target/,
    ],
  ])('%s', async ([, updates, message]) => {
    const problem = await problemOf(merged([updates], ['id'], ['text']).then((table) => rowsOf(table)));
    expect(problem.message).toMatch(message);
  });

  test('a key that the target has twice, in two of its batches', async () => {
    const batch = batchWith({ id: [new Int32(), [1]], text: [new Utf8(), ['a']] });
    const updates = { id: [new Int32(), [1]], text: [new Utf8(), ['x']] } as const;
    const problem = await problemOf(
      merged([updates], ['id'], ['text'], source(batch, batch)).then((table) => rowsOf(table)),
    );
    expect(problem.message).toMatch(/^\[input\] the target has the key id = 1 twice/);
  });
});
