import { Dictionary, Int32, LargeUtf8, Utf8 } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { Updates } from '../../src/table/merge/merge.js';
import { batchWith, type Columns } from './delta/rows.js';
import { problemOf } from './delta/support.js';

const target = [
  batchWith({ id: [new Int32(), [1, 2, null]], text: [new Utf8(), ['a', 'b', 'c']] }),
  batchWith({ id: [new Int32(), [4, 5]], text: [new Utf8(), ['d', null]] }),
];

function updatesOf(changes: readonly Columns[], columns: string[]): Updates {
  const batches = changes.map(batchWith);
  const how = { key: ['id'], columns, label: 'the target' };
  const updates = new Updates(batches[0].schema, target[0].schema, how);
  for (const batch of batches) updates.add(batch);
  return updates;
}

/** One pass over all of the target's rows. */
function rowsWith(updates: Updates, batches = target): Record<string, unknown>[] {
  const pass = updates.pass();
  const rows = batches.flatMap((batch) => [...pass.apply(batch)].map((row) => row!.toJSON()));
  pass.finish();
  return rows;
}

test('rows keep their order and their other columns; updates may come in any', () => {
  const updates = updatesOf(
    [
      { id: [new Int32(), [5]], text: [new Utf8(), ['e']] },
      { text: [new Utf8(), [null, 'A']], id: [new Int32(), [2, 1]] },
    ],
    ['text'],
  );
  const expected = [
    { id: 1, text: 'A' },
    { id: 2, text: null },
    { id: null, text: 'c' },
    { id: 4, text: 'd' },
    { id: 5, text: 'e' },
  ];
  expect(rowsWith(updates)).toEqual(expected);
  // Every pass is one from the start.
  expect(rowsWith(updates)).toEqual(expected);
});

test('new columns, of types that Delta does not have', () => {
  const added = {
    id: [new Int32(), [4]],
    large: [new LargeUtf8(), ['x']],
    code: [new Dictionary(new Utf8(), new Int32()), ['k']],
  } as const;
  const updates = updatesOf([added], ['large', 'code']);
  expect(updates.schema.fields.map(({ name }) => name)).toEqual(['id', 'text', 'large', 'code']);
  const rows = rowsWith(updates);
  expect(rows[3]).toEqual({ id: 4, text: 'd', large: 'x', code: 'k' });
  expect(rows[0]).toEqual({ id: 1, text: 'a', large: null, code: null });
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
    const problem = await problemOf((async () => rowsWith(updatesOf([updates], ['text'])))());
    expect(problem.message).toMatch(message);
  });

  test('a key that the target has twice, in two of its batches', async () => {
    const batch = batchWith({ id: [new Int32(), [1]], text: [new Utf8(), ['a']] });
    const updates = { id: [new Int32(), [1]], text: [new Utf8(), ['x']] } as const;
    const problem = await problemOf((async () => rowsWith(updatesOf([updates], ['text']), [batch, batch]))());
    expect(problem.message).toMatch(/^\[input\] the target has the key id = 1 twice/);
  });
});
