import fs from 'node:fs';
import path from 'node:path';
import {
  DateMillisecond,
  Decimal,
  DurationMicrosecond,
  Field,
  Int8,
  Int32,
  Int64,
  Null,
  Schema,
  TimeMillisecond,
  TimestampNanosecond,
  Utf8,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../src/table/columns.js';
import { openDelta } from '../../../src/table/delta/open.js';
import { createDeltaSink } from '../../../src/table/delta/sink.js';
import { batchWith, type Columns, writeDelta } from './rows.js';
import { problemOf, rowsOf, temporaryFolder } from './support.js';

const newTable = () => path.join(temporaryFolder(), 'table');

describe('columns that no Delta table holds are refused by name, and nothing is made', () => {
  test.for<[name: string, columns: Columns, message: RegExp]>([
    [
      'times of day',
      { at: [new TimeMillisecond(), [1]] },
      /^\[delta\] column at is of type Time32<MILLISECOND>, which Delta does not have, expected columns that the Delta table .* can hold; rename, cast or leave out/,
    ],
    ['durations', { took: [new DurationMicrosecond(), [1n]] }, /column took is of type Duration<MICROSECOND>/],
    ['nothing but nulls', { nothing: [new Null(), [null]] }, /column nothing is of type Null/],
    ['decimals of 76 digits', { big: [new Decimal(0, 76, 256), [null]] }, /column big is of type Decimal/],
    ['a negative scale', { big: [new Decimal(-2, 9, 128), [null]] }, /column big is of type Decimal/],
    ['blanks in names', { 'my text': [new Utf8(), ['a']] }, /column my text has a name with a blank or one of/],
    [
      'names that differ by case',
      { text: [new Utf8(), ['a']], Text: [new Utf8(), ['a']] },
      /Text and text differ by nothing but case/,
    ],
    ['no columns', {}, /there is no column at all/],
    [
      'several of these',
      { 'a b': [new Utf8(), ['a']], 'c=d': [new Null(), [null]] },
      /column a b has a name .* \(and 2 more\), expected/,
    ],
    [
      'times finer than a microsecond',
      { at: [new TimestampNanosecond(), [1001n]] },
      /^\[delta\] column at: the time 1001 ns is finer than a microsecond, .*; round the column/,
    ],
    [
      'dates with a time',
      { day: [new DateMillisecond(), [new Date(1)]] },
      /^\[delta\] column day: the date 1 ms has a time of day/,
    ],
  ])('%s', async ([, columns, message]) => {
    const table = newTable();
    expect((await problemOf(writeDelta(table, [batchWith(columns)]))).message).toMatch(message);
    expect(fs.existsSync(table)).toBe(false);
  });
});

test('what stands under a null is never looked at', async () => {
  const table = newTable();
  const batch = batchWith({ at: [new TimestampNanosecond(), [1000n, null]], id: [new Int32(), [1, 2]] });
  batch.data.children[0].values[1] = 1001n;
  await writeDelta(table, [batch]);
  expect((await rowsOf(await openDelta(table))).map(({ at }) => at)).toEqual([0.001, null]);
});

describe('an append whose columns differ', () => {
  test.for<[name: string, columns: Columns, message: RegExp]>([
    [
      'missing',
      { id: [new Int64(), [1n]] },
      /^\[delta\] the columns to write differ from those of .*table: text is missing, expected id Int64, text Utf8; cast/,
    ],
    [
      'new',
      { id: [new Int64(), [1n]], text: [new Utf8(), ['a']], more: [new Int32(), [1]] },
      /more is not in the table/,
    ],
    ['of another type', { id: [new Utf8(), ['1']], text: [new Utf8(), ['a']] }, /id is Utf8 and not Int64/],
    [
      'all at once',
      { Id: [new Int64(), [1n]], text: [new Int32(), [1]] },
      /id is missing; text is Int32 and not Utf8; Id is not in the table/,
    ],
  ])('%s', async ([, columns, message]) => {
    const table = newTable();
    await writeDelta(table, [batchWith({ id: [new Int64(), [0n]], text: [new Utf8(), ['a']] })]);
    const before = fs.readdirSync(table, { recursive: true });
    expect((await problemOf(writeDelta(table, [batchWith(columns)], { mode: 'append' }))).message).toMatch(message);
    expect(fs.readdirSync(table, { recursive: true })).toEqual(before);
  });

  test('in their order, or in how wide their integers are, is as good', async () => {
    const table = newTable();
    await writeDelta(table, [batchWith({ id: [new Int64(), [0n]], text: [new Utf8(), ['a']] })]);
    await writeDelta(table, [batchWith({ text: [new Null(), [null]], id: [new Int8(), [-7]] })], { mode: 'append' });
    expect(await rowsOf(await openDelta(table))).toEqual([
      { id: 0n, text: 'a' },
      { id: -7n, text: null },
    ]);
  });

  test('null where the table demands a value', async () => {
    const table = newTable();
    const { data } = batchWith({ id: [new Int32(), [1]] });
    await writeDelta(table, [batchOf(new Schema([new Field('id', new Int32(), false)]), data.children, 1)]);
    for (const mode of ['append', 'overwrite'] as const) {
      const problem = await problemOf(writeDelta(table, [batchWith({ id: [new Int32(), [2, null]] })], { mode }));
      expect(problem.message).toMatch(
        /^\[delta\] column id holds null, expected a value in each row, as .*table demands of it/,
      );
    }
    expect(await rowsOf(await openDelta(table))).toEqual([{ id: 1 }]);
  });
});

test('a table without rows has its columns', async () => {
  const table = newTable();
  const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);
  const sink = await createDeltaSink(table, schema);
  expect(await sink.publish()).toEqual({ target: table, rows: 0, version: 0 });
  const source = await openDelta(table);
  expect([source.rows, source.schema.fields.map(({ name }) => name)]).toEqual([0, ['id', 'text']]);
  expect(await rowsOf(source)).toEqual([]);
});

test('an overwrite may change the columns; earlier versions keep theirs', async () => {
  const table = newTable();
  await writeDelta(table, [batchWith({ id: [new Int32(), [1]], text: [new Utf8(), ['a']] })]);
  await writeDelta(table, [batchWith({ id: [new Int64(), [2n]], summary: [new Utf8(), ['s']] })], {
    mode: 'overwrite',
  });
  expect(await rowsOf(await openDelta(table))).toEqual([{ id: 2n, summary: 's' }]);
  expect(await rowsOf(await openDelta(table, { version: 0 }))).toEqual([{ id: 1, text: 'a' }]);
});

test('times without a zone in a table that had none: the table says that it now needs the feature', async () => {
  const table = newTable();
  await writeDelta(table, [batchWith({ id: [new Int32(), [1]] })]);
  const rows = { id: [new Int32(), [1]], at: [new TimestampNanosecond(), [1000n]] } as const;
  await writeDelta(table, [batchWith(rows)], { mode: 'merge', mergeKey: ['id'] });
  const log = fs.readFileSync(path.join(table, '_delta_log/00000000000000000001.json'), 'utf8');
  expect(JSON.parse(log.split('\n')[1])).toEqual({
    protocol: {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['timestampNtz'],
      writerFeatures: ['appendOnly', 'invariants', 'timestampNtz'],
    },
  });
  expect((await rowsOf(await openDelta(table))).map(({ at }) => at)).toEqual([0.001]);
});

describe('partitions', () => {
  /** There is no option for it, but others make such tables: here by a change of the log. */
  async function partitionedTable(): Promise<string> {
    const table = newTable();
    const schema = new Schema([new Field('kind', new Utf8(), true), new Field('id', new Int32(), true)]);
    await (await createDeltaSink(table, schema)).publish();
    const log = path.join(table, '_delta_log/00000000000000000000.json');
    fs.writeFileSync(log, fs.readFileSync(log, 'utf8').replace('"partitionColumns":[]', '"partitionColumns":["kind"]'));
    return table;
  }

  test('more of them than files that are open at a time', async () => {
    const table = await partitionedTable();
    const ids = Array.from({ length: 300 }, (_, id) => id);
    const kindOf = (id: number) => (id % 50 === 0 ? null : `kind ${id % 50}/50%`);
    const batches = [0, 1, 2].map((i) => {
      const some = ids.slice(i * 100, i * 100 + 100);
      return batchWith({ kind: [new Utf8(), some.map(kindOf)], id: [new Int32(), some] });
    });
    expect((await writeDelta(table, batches, { mode: 'append' })).rows).toBe(300);
    const rows = await rowsOf(await openDelta(table));
    expect(rows.toSorted((a, b) => Number(a.id) - Number(b.id))).toEqual(ids.map((id) => ({ kind: kindOf(id), id })));
    expect(fs.existsSync(path.join(table, 'kind=kind 1%2F50%25'))).toBe(true);
    expect(fs.existsSync(path.join(table, 'kind=__HIVE_DEFAULT_PARTITION__'))).toBe(true);
    const merged = batchWith({ id: [new Int32(), [7]], more: [new Utf8(), ['x']] });
    await writeDelta(table, [merged], { mode: 'merge', mergeKey: ['id'] });
    const found = (await rowsOf(await openDelta(table))).filter(({ more }) => more !== null);
    expect(found).toEqual([{ kind: 'kind 7/50%', id: 7, more: 'x' }]);
  });

  test('what cannot be one, and columns that are needed for them', async () => {
    const table = await partitionedTable();
    const empty = batchWith({ kind: [new Utf8(), ['']], id: [new Int32(), [1]] });
    expect((await problemOf(writeDelta(table, [empty], { mode: 'append' }))).message).toMatch(
      /^\[delta\] partition column kind has an empty text, .*; an empty text would be read back as null/,
    );
    const without = batchWith({ id: [new Int32(), [1]] });
    expect((await problemOf(writeDelta(table, [without], { mode: 'overwrite' }))).message).toMatch(
      /^\[delta\] the new rows have no column kind, expected the columns by which .*table is partitioned/,
    );
    const how = { mode: 'merge', mergeKey: ['id'], mergeColumns: ['kind'] } as const;
    const other = batchWith({ kind: [new Utf8(), ['a']], id: [new Int32(), [1]] });
    expect((await problemOf(writeDelta(table, [other], how))).message).toMatch(
      /^\[usage\] a merge that writes kind, expected columns by which/,
    );
    expect(fs.readdirSync(table)).toEqual(['_delta_log']);
  });
});
