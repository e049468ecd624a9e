import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Bool, Field, Float64, Int8, Int32, Int64, List, Schema, Struct, Uint16, Utf8 } from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { readTable, tableFromBatches, tableFromRows } from '../../src/table/open.js';
import { shouted } from '../contracts/tableFormat.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-table-'));
const file = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = Array.from({ length: 20 }, (_, id) => ({ id, text: id % 4 === 3 ? null : `text ${id}` }));
const table = tableFromRows(ROWS);

/** The rows in batches of the given sizes, and how many batches were taken. */
function counted(...sizes: number[]) {
  const seen = { batches: 0 };
  const made = tableFromBatches(table.schema, async function* () {
    let start = 0;
    for (const size of sizes) {
      seen.batches++;
      yield* tableFromRows(ROWS.slice(start, start + size), table.schema).batches();
      start += size;
    }
  });
  return { table: made, seen };
}

describe('a table', () => {
  it.each([
    ['select', () => table.select('text'), ROWS.map(({ text }) => ({ text }))],
    ['select in another order', () => table.select('text', 'id').limit(1), [{ text: 'text 0', id: 0 }]],
    ['limit', () => table.limit(2), ROWS.slice(0, 2)],
    ['limit of a limit', () => table.limit(5).limit(9), ROWS.slice(0, 5)],
    ['limit 0', () => table.limit(0), []],
    ['filter', () => table.filter(({ id }) => (id as number) > 17), ROWS.slice(18)],
    [
      'filter by null',
      () => table.filter(({ text }) => text === null).select('id'),
      [3, 7, 11, 15, 19].map((id) => ({ id })),
    ],
    ['filter, then limit', () => table.filter(({ id }) => (id as number) % 2 === 1).limit(2), [ROWS[1], ROWS[3]]],
    ['limit, then filter', () => table.limit(3).filter(({ id }) => (id as number) % 2 === 1), [ROWS[1]]],
    ['withColumn', () => table.withColumn('loud', shouted).limit(1), [{ id: 0, text: 'text 0', loud: 'text 0!' }]],
    [
      'withColumn of a name that is there',
      () => table.withColumn('text', shouted).limit(1),
      [{ id: 0, text: 'text 0!' }],
    ],
    ['withColumn, only it', () => table.withColumn('loud', shouted).select('loud').limit(1), [{ loud: 'text 0!' }]],
    [
      'withColumn twice',
      () => table.withColumn('text', shouted).withColumn('text', shouted).limit(1),
      [{ id: 0, text: 'text 0!!' }],
    ],
  ])('%s', async (_, derive, expected) => {
    const derived = derive();
    expect(await derived.collect()).toEqual(expected);
    expect(await derived.count()).toBe(expected.length);
    // Once more: nothing is used up.
    expect(await derived.collect()).toEqual(expected);
  });

  it('reads no more batches than it needs', async () => {
    const { table: lazy, seen } = counted(5, 5, 5, 5);
    const derived = lazy.withColumn('loud', shouted).select('id', 'loud').limit(7);
    expect(seen.batches).toBe(0);
    expect((await derived.collect()).length).toBe(7);
    expect(seen.batches).toBe(2);
  });

  it('does not compute a column that nobody asks for', async () => {
    const never = { ...shouted, evaluate: () => expect.fail('computed') };
    expect(await table.withColumn('loud', never).select('id').limit(1).collect()).toEqual([{ id: 0 }]);
    expect(await table.withColumn('loud', never).count()).toBe(20);
  });

  it('knows which columns were added', () => {
    const more = table.withColumn('a', shouted).withColumn('b', shouted);
    expect(more.addedColumns).toEqual(['a', 'b']);
    expect(more.select('b', 'id').addedColumns).toEqual(['b']);
    expect(more.schema.names).toEqual(['id', 'text', 'a', 'b']);
  });

  it.each([
    ['an unknown column', () => table.select('txt'), /no column "txt", expected one of id, text; did you mean text\?$/],
    ['the same column twice', () => table.select('id', 'id'), /the same column twice/],
    ['a limit of -1', () => table.limit(-1), /^\[usage\] limit is -1/],
    [
      'an option that is not there',
      () => table.write('t.csv', { mod: 'x' } as object),
      /unknown option mod, .*did you mean mode/,
    ],
    [
      'a mode that is not there',
      () => table.write('t.csv', { mode: 'x' } as object),
      /option mode is "x", expected one of error/,
    ],
    ['a table name of two parts', () => table.saveAsTable('a.b'), /"a\.b" is no name of a table, expected three names/],
  ])('refuses %s', async (_, act, message) => {
    await expect((async () => act())()).rejects.toThrow(message);
  });
});

it.each(['.parquet', '.arrow', '.arrows', '.csv', '.jsonl'])(
  '%s keeps long and unusual texts as they are',
  async (extension) => {
    const texts = [
      'word '.repeat(100_000),
      '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f3f3}\ufe0f',
      'שלום עולם \u202e abc',
      '\ufeffmark',
      'e\u0301 \u0000 "quoted", and\r\nlines\n',
      '',
      ' ',
    ];
    const made = tableFromRows(texts.map((text) => ({ text, also: 'x' })));
    await made.write(file(`texts${extension}`));
    const read = await (await readTable(file(`texts${extension}`))).collect();
    expect(read.map(({ text }) => text)).toEqual(texts);
  },
);

describe('sample', () => {
  const many = tableFromRows(Array.from({ length: 5000 }, (_, id) => ({ id })));
  const ids = async (n: number, seed: number, from = many) =>
    (await from.sample(n, seed).collect()).map(({ id }) => id as number);

  it('takes n rows in the order of the table, the same for the same seed', async () => {
    const first = await ids(100, 1);
    expect(first).toHaveLength(100);
    expect(first).toEqual([...new Set(first)].sort((a, b) => a - b));
    expect(await ids(100, 1)).toEqual(first);
    expect(await ids(100, 2)).not.toEqual(first);
    expect(first).not.toEqual(Array.from({ length: 100 }, (_, id) => id));
  });

  it('draws from all parts of the table alike', async () => {
    const quarters = [0, 0, 0, 0];
    for (const id of await ids(1000, 7)) quarters[Math.floor(id / 1250)]++;
    for (const quarter of quarters) expect(Math.abs(quarter - 250)).toBeLessThan(60);
  });

  it('takes all of a small table, and none', async () => {
    expect(await ids(9, 3, many.limit(4))).toEqual([0, 1, 2, 3]);
    expect(await ids(0, 3)).toEqual([]);
  });
});

describe('tableFromRows', () => {
  it('finds the types of the values, and gives the values back', async () => {
    const rows = [
      { a: 1, b: 'x', c: true, d: [1.5, null], e: { f: 'y' }, g: null, h: 2 ** 60 },
      { a: null, b: null, c: false, d: [], e: null, h: 1 },
    ];
    const made = tableFromRows(rows);
    expect(made.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a Int64',
      'b Utf8',
      'c Bool',
      'd List<Float64>',
      'e Struct<{f:Utf8}>',
      'g Null',
      'h Float64',
    ]);
    expect(await made.collect()).toEqual([rows[0], { ...rows[1], g: null }]);
  });

  it('refuses a column of two kinds of values', () => {
    expect(() => tableFromRows([{ a: 1 }, { a: 'x' }])).toThrow(
      '[column] column a holds integer in row 1, string in row 2, expected values of one kind',
    );
  });

  it.each([
    ['a text for a number', new Float64(), 'x', /^\[column\] column c has string x in row 2, expected Float64/],
    ['a number for a text', new Utf8(), 5, /has number 5 in row 2, expected Utf8/],
    ['a number beyond its type', new Int8(), 300, /has number 300 in row 2, expected Int8/],
    ['a negative one', new Uint16(), -1, /has number -1 in row 2/],
    ['a fraction for a whole number', new Int64(), 1.5, /has number 1.5 in row 2/],
    ['a text for true or false', new Bool(), 'false', /has string false in row 2, expected Bool/],
    ['one within a list', new List(new Field('item', new Int32())), [1, 'x'], /has string x in row 2/],
    ['one within a struct', new Struct([new Field('n', new Int32())]), { n: 0.5 }, /has number 0.5 in row 2/],
  ])('refuses what the given schema does not fit: %s', (_, type, value, message) => {
    const schema = new Schema([new Field('c', type, true)]);
    expect(() => tableFromRows([{ c: null }, { c: value }], schema)).toThrow(message);
  });

  it('refuses null where the schema has none, and integers of more than 64 bits', () => {
    const schema = new Schema([new Field('c', new Utf8(), false)]);
    expect(() => tableFromRows([{ c: 'x' }, {}], schema)).toThrow(
      /column c has no value in row 2, expected Utf8$|Utf8;/,
    );
    expect(() => tableFromRows([{ c: 2n ** 63n }])).toThrow(/has bigint 9223372036854775808 in row 1, expected Int64/);
  });

  it('makes an empty table out of no rows', async () => {
    const none = tableFromRows([], table.schema);
    expect(await none.collect()).toEqual([]);
    await none.withColumn('loud', shouted).write(file('none.parquet'));
    expect((await readTable(file('none.parquet'))).schema.names).toEqual(['id', 'text', 'loud']);
  });
});

describe('tableFromBatches', () => {
  const [a, b] = [tableFromRows([{ a: 'x', b: 'y' }]), tableFromRows([{ b: 'y', a: 'x' }])];
  it.each([
    ['in another order', b],
    ['of another type', tableFromRows([{ a: 1, b: 'y' }])],
    ['that are fewer', tableFromRows([{ a: 'x' }])],
    ['that are more', tableFromRows([{ a: 'x', b: 'y', c: 'z' }])],
  ])('refuses batches with columns %s', async (_, other) => {
    const made = tableFromBatches(a.schema, () => other.batches());
    await expect(made.collect()).rejects.toThrow(/^\[table\] a batch with the columns .*, expected .*: a Utf8, b Utf8/);
  });
});

describe('readTable', () => {
  it.each([
    ['a file that is not there', 'nothing.parquet', /^\[table\] .*nothing\.parquet is not there/],
    ['an unknown extension', 'x.docx', /unknown extension \.docx, expected one of \.parquet/],
    ['a pattern that nothing matches', '*.nothing', /no file matches/],
    ['files of several formats', '{a.csv,b.jsonl}', /files of several formats: \.csv \.jsonl, expected one format/],
    ['a table that is not there', 'x', /has no extension/],
  ])('refuses %s', async (_, name, message) => {
    writeFileSync(file('a.csv'), 'id\n1\n');
    writeFileSync(file('b.jsonl'), '{"id":1}\n');
    await expect(readTable(file(name))).rejects.toThrow(message);
  });

  it('refuses a version of what has none, and options that are not there', async () => {
    writeFileSync(file('a.csv'), 'id\n1\n');
    await expect(readTable(file('a.csv'), { version: 3 })).rejects.toThrow(
      /a\.csv is no Delta table, expected .* versions such as 3/,
    );
    await expect(readTable(file('a.csv'), { delimeter: ';' } as object)).rejects.toThrow(
      /unknown option delimeter, .*did you mean delimiter/,
    );
  });

  it('finds a file, a pattern, a folder and a named table', async () => {
    process.env.PRECIS_HOME = file('home');
    await table.limit(3).saveAsTable('main.default.documents');
    await table.limit(1).write(file('p-1.parquet'));
    await table.limit(2).write(file('p-2.parquet'));
    for (const [location, rows] of [
      ['main.default.documents', 3],
      [file('p-1.parquet'), 1],
      [file('p-*.parquet'), 3],
    ] as const) {
      expect(await (await readTable(location)).count()).toBe(rows);
    }
    const named = await readTable('main.default.documents');
    expect(named.label).toBe('main.default.documents');
    await expect(named.saveAsTable('main.default.documents', { mode: 'append' })).rejects.toThrow(
      /is an input of this very table/,
    );
  });
});
