import fs from 'node:fs';
import path from 'node:path';
import { DateDay, Dictionary, Float64, Int32, Int64, LargeUtf8, Utf8 } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { batchWith, type Columns, writeDelta } from './rows.js';
import { problemOf, rowsOf, temporaryFolder } from './support.js';

/** Three files: rows 0 to 3, 4 to 7 and 8 to 11; every summary of the second is there, of the others every second is null. */
async function madeTable(): Promise<string> {
  const table = path.join(temporaryFolder(), 'table');
  for (const ids of [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9, 10, 11],
  ]) {
    const summaries = ids.map((id) => (id % 2 === 0 && (id < 4 || id > 7) ? null : `old ${id}`));
    const rows = {
      id: [new Int64(), ids.map(BigInt)],
      text: [new Utf8(), ids.map(String)],
      summary: [new Utf8(), summaries],
    } as const;
    await writeDelta(table, [batchWith(rows)], { mode: 'append' });
  }
  return table;
}

function dataFiles(table: string): Map<string, string> {
  const names = fs.readdirSync(table).filter((name) => name.endsWith('.parquet'));
  return new Map(names.map((name) => [name, fs.readFileSync(path.join(table, name), 'latin1')]));
}

async function summariesOf(table: string): Promise<unknown[]> {
  return (await rowsOf(await openDelta(table))).map(({ summary }) => summary);
}

const merge = (table: string, columns: Columns, mergeColumns?: string[]) =>
  writeDelta(table, [batchWith(columns)], { mode: 'merge', mergeKey: ['id'], mergeColumns });

test('fills what is null: other columns and the files without changes stay as they are', async () => {
  const table = await madeTable();
  const before = dataFiles(table);
  const result = await merge(
    table,
    {
      id: [new Int64(), [10n, 0n, 2n, 8n]],
      text: [new Utf8(), ['not', 'written', 'back', '!']],
      summary: [new Utf8(), ['new 10', 'new 0', 'new 2', 'new 8']],
    },
    ['summary'],
  );
  expect(result).toEqual({ target: table, rows: 4, version: 3 });
  const rows = await rowsOf(await openDelta(table));
  expect(rows.map(({ id, text }) => `${id} ${text}`).sort()).toEqual(
    Array.from({ length: 12 }, (_, i) => `${i} ${i}`).sort(),
  );
  const summaries = Object.fromEntries(rows.map(({ id, summary }) => [String(id), summary]));
  expect(summaries).toEqual(
    Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [i, i % 2 === 0 && (i < 4 || i > 7) ? `new ${i}` : `old ${i}`]),
    ),
  );
  const after = dataFiles(table);
  for (const [name, bytes] of before) expect(after.get(name)).toBe(bytes);
  expect(after.size).toBe(5);
  const log = fs
    .readFileSync(`${table}/_delta_log/00000000000000000003.json`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(log.map((line) => Object.keys(line)[0])).toEqual(['commitInfo', 'remove', 'remove', 'add', 'add']);
  expect(log[0].commitInfo).toMatchObject({
    operation: 'MERGE',
    operationParameters: { predicate: '(target.id = source.id)' },
    operationMetrics: {
      numSourceRows: '4',
      numTargetRowsUpdated: '4',
      numTargetFilesAdded: '2',
      numTargetFilesRemoved: '2',
    },
  });
});

test('values that are there already change nothing: no file, no version', async () => {
  const table = await madeTable();
  const before = dataFiles(table);
  const result = await merge(
    table,
    { id: [new Int64(), [0n, 1n, 5n]], summary: [new Utf8(), [null, 'old 1', 'old 5']] },
    ['summary'],
  );
  expect(result).toEqual({ target: table, rows: 3, version: 2 });
  expect(dataFiles(table)).toEqual(before);
});

test('a column that the table lacks is added; rows without an update have null in it', async () => {
  const table = await madeTable();
  await merge(table, { id: [new Int64(), [5n]], score: [new Float64(), [0.5]] });
  const source = await openDelta(table);
  expect(source.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id Int64',
    'text Utf8',
    'summary Utf8',
    'score Float64',
  ]);
  const rows = await rowsOf(source, { columns: ['score', 'id'] });
  expect(rows.filter(({ score }) => score !== null)).toEqual([{ score: 0.5, id: 5n }]);
  expect(rows).toHaveLength(12);
  // The version before knows nothing of it.
  expect((await openDelta(table, { version: 2 })).schema.fields).toHaveLength(3);
});

describe('keys', () => {
  test.for<[name: string, updates: Columns, message: RegExp]>([
    [
      'rows that are not there',
      { id: [new Int64(), [5n, 77n, 99n]], summary: [new Utf8(), ['a', 'b', 'c']] },
      /^\[input\] 2 rows to merge have no row of their key in .*table, the first is id = 77, expected rows that are there/,
    ],
    [
      'a null key finds nothing',
      { id: [new Int64(), [5n, null]], summary: [new Utf8(), ['a', 'b']] },
      /^\[input\] 1 row to merge has no row of its key in .* the first is id = null/,
    ],
    [
      'one key twice',
      { id: [new Int64(), [5n, 6n, 5n]], summary: [new Utf8(), ['a', 'b', 'c']] },
      /^\[input\] the rows to merge have the key id = 5 twice, expected keys that name one row each/,
    ],
    [
      'a key of another kind',
      { id: [new Utf8(), ['5']], summary: [new Utf8(), ['a']] },
      /^\[column\] key column id is Int64 in .*table and Utf8 in the rows to merge, expected whole numbers in both/,
    ],
    [
      'a key that is missing',
      { ids: [new Int64(), [5n]], summary: [new Utf8(), ['a']] },
      /^\[column\] the rows to merge has no column "id", expected one of ids, summary; did you mean ids\?/,
    ],
    [
      'a value of another type',
      { id: [new Int64(), [5n]], summary: [new Int32(), [1]] },
      /^\[column\] column summary of the rows to merge is Int32, expected Utf8, as in .*table/,
    ],
  ])('%s: nothing is written', async ([, updates, message]) => {
    const table = await madeTable();
    const before = fs.readdirSync(table, { recursive: true }).sort();
    expect((await problemOf(merge(table, updates, ['summary']))).message).toMatch(message);
    expect(fs.readdirSync(table, { recursive: true }).sort()).toEqual(before);
  });

  test('a key that the table has twice', async () => {
    const table = await madeTable();
    await writeDelta(
      table,
      [batchWith({ id: [new Int64(), [5n]], text: [new Utf8(), ['5']], summary: [new Utf8(), [null]] })],
      { mode: 'append' },
    );
    const problem = await problemOf(
      merge(table, { id: [new Int64(), [5n]], summary: [new Utf8(), ['x']] }, ['summary']),
    );
    expect(problem.message).toMatch(/^\[input\] .*table has the key id = 5 twice/);
    await merge(table, { id: [new Int64(), [6n]], summary: [new Utf8(), ['x']] }, ['summary']);
    expect(await summariesOf(table)).toContain('x');
  });

  test('narrower integers find their rows; dictionaries and large texts are written as texts', async () => {
    const table = await madeTable();
    await merge(
      table,
      { id: [new Int32(), [1]], summary: [new Dictionary(new Utf8(), new Int32()), ['from a dictionary']] },
      ['summary'],
    );
    await merge(table, { id: [new Int32(), [3]], summary: [new LargeUtf8(), ['large']] }, ['summary']);
    expect((await summariesOf(table)).filter((text) => !/^old/.test(String(text ?? 'old'))).sort()).toEqual([
      'from a dictionary',
      'large',
    ]);
  });

  test('of several columns, with null in some rows', async () => {
    const table = path.join(temporaryFolder(), 'table');
    await writeDelta(table, [
      batchWith({
        day: [new DateDay(), [new Date(0), new Date(0), null]],
        name: [new Utf8(), ['a', 'b', 'a']],
        n: [new Int32(), [1, 2, 3]],
      }),
    ]);
    const updates = { day: [new DateDay(), [new Date(0)]], name: [new Utf8(), ['b']], n: [new Int32(), [20]] } as const;
    const result = await writeDelta(table, [batchWith(updates)], {
      mode: 'merge',
      mergeKey: ['day', 'name'],
      mergeColumns: ['n'],
    });
    expect(result.rows).toBe(1);
    expect((await rowsOf(await openDelta(table))).map(({ n }) => n)).toEqual([1, 20, 3]);
  });
});

test('what a merge needs to know', async () => {
  const table = await madeTable();
  const rows = { id: [new Int64(), [1n]], summary: [new Utf8(), ['x']] } as const;
  const messageOf = async (options: object, target = table) =>
    (await problemOf(writeDelta(target, [batchWith(rows)], { mode: 'merge', ...options }))).message;
  expect(await messageOf({ mergeKey: ['id'] })).toMatch(
    /^\[usage\] a merge into .* without columns, expected the columns to write back; .* has all columns/,
  );
  expect(await messageOf({ mergeColumns: ['summary'] })).toMatch(/^\[usage\] a merge without a key/);
  expect(await messageOf({ mergeKey: ['id'], mergeColumns: ['id'] })).toMatch(
    /^\[usage\] a merge that writes its key id/,
  );
  expect(await messageOf({ mergeKey: ['id'], mergeColumns: ['sumary'] })).toMatch(
    /no column "sumary".*did you mean summary\?/,
  );
  expect(await messageOf({ mergeKey: ['id'] }, `${table}/nothing`)).toMatch(/^\[output\] .*nothing is no Delta table/);
});
