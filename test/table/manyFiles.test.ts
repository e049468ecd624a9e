import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { Field, Int32, makeData, RecordBatch, Schema, Struct, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { expandGlob, isGlob, listDataFiles } from '../../src/table/fileNames.js';
import { openManyFiles } from '../../src/table/manyFiles.js';
import { openCsv } from '../../src/table/textFiles/csv.js';
import { openJsonl } from '../../src/table/textFiles/jsonl.js';
import type { Source } from '../../src/table/types.js';
import { refusal, rowsOf, scratchFolder } from './textFiles.js';

const scratch = scratchFolder();

describe('several files are one table', () => {
  it('one after the other, in the order given', async () => {
    const files = ['b', 'a'].map((name) => scratch(`many/${name}.csv`, `id,text\n${name}1,x\n${name}2,y\n`));
    const table = await openManyFiles(files, 'many', openCsv);
    expect(table.files).toEqual(files);
    const rows = [
      ['b1', 'x'],
      ['b2', 'y'],
      ['a1', 'x'],
      ['a2', 'y'],
    ];
    expect(await rowsOf(table)).toEqual(rows);
    expect(await rowsOf(table, { limit: 3, columns: ['text', 'id'] })).toEqual(
      rows.slice(0, 3).map(([id, text]) => [text, id]),
    );
    expect(await rowsOf(table, { limit: 2 })).toEqual(rows.slice(0, 2));
  });

  it('knows its rows if every file does', async () => {
    const lines = scratch('rows/a.jsonl', '{"a":"x"}\n{"a":"y"}\n');
    expect((await openManyFiles([lines, lines], 'rows', openJsonl)).rows).toBe(4);
    const csv = scratch('rows/a.csv', 'a\nx\n');
    const either = (file: string) => (file.endsWith('.csv') ? openCsv(file) : openJsonl(file));
    expect((await openManyFiles([lines, csv], 'rows', either)).rows).toBeUndefined();
  });

  it('whether a column may be null, and metadata, may differ', async () => {
    const sources: Record<string, Source> = {
      strict: numbers('strict', new Field('n', new Int32(), false), [1, 2]),
      loose: numbers('loose', new Field('n', new Int32(), true, new Map([['unit', 'm']])), [3, null]),
    };
    const table = await openManyFiles(Object.keys(sources), 'both', async (name) => sources[name]);
    expect(table.schema.fields[0].nullable).toBe(true);
    expect(await rowsOf(table)).toEqual([[1], [2], [3], [null]]);
    for await (const { schema } of table.batches()) {
      expect(schema.fields[0].nullable).toBe(true);
      expect(schema.fields[0].metadata).toEqual(new Map());
    }
  });

  it.each([
    ['another order', 'b,a\n', ['order: b, a; in A it is a, b']],
    ['one that is missing and one more', 'a,c\n', ['b: missing, Utf8 in A', 'c: Utf8, not a column of A']],
  ])('%s is refused with the columns that differ', async (_, content, details) => {
    const [first, same, other] = [
      scratch('mixed/1.csv', 'a,b\n'),
      scratch('mixed/2.csv', 'a,b\n'),
      scratch('mixed/3.csv', content),
    ];
    const error = await openManyFiles([first, same, other], 'mixed/*.csv', openCsv).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(PrecisError);
    expect(error.message).toContain(
      `${other} has other columns than ${first}, expected all files of mixed/*.csv to have the same`,
    );
    expect(error.details).toEqual(details.map((detail) => detail.replace('A', first)));
  });

  it('other types are refused, at most 50 are named', async () => {
    const row = (value: string) => `{${Array.from({ length: 60 }, (_, i) => `"c${i}":${value}`).join(',')}}\n`;
    const [first, other] = [scratch('types/1.jsonl', row('1')), scratch('types/2.jsonl', row('"1"'))];
    const error = await openManyFiles([first, other], 'types', openJsonl).catch((thrown) => thrown);
    expect(error.details).toHaveLength(50);
    expect(error.details[0]).toBe(`c0: Utf8, Int64 in ${first}`);
  });
});

describe('the data files of a folder', () => {
  it('sorted by bytes, without what is hidden or unfinished', () => {
    const names = [
      'b.csv',
      'B.csv',
      'a10.csv',
      'a2.csv',
      'é.csv',
      '_SUCCESS',
      '.hidden.csv',
      'x.csv.tmp',
      '.a2.csv.crc',
      'x~',
      'y.part',
    ];
    for (const name of names) scratch(`folder/${name}`, 'a\n');
    expect(listDataFiles(path.dirname(scratch('folder/x'))).map((file) => path.basename(file))).toEqual([
      'B.csv',
      'a10.csv',
      'a2.csv',
      'b.csv',
      'é.csv',
    ]);
  });

  it('a folder of nothing, and folders within it, are refused', async () => {
    scratch('hive/day=1/a.csv', 'a\n');
    expect(await refusal(async () => listDataFiles(scratch('hive')))).toContain(
      'holds the folder day=1, expected a folder of data files only',
    );
    scratch('nothing/_SUCCESS', '');
    expect(await refusal(async () => listDataFiles(scratch('nothing')))).toContain('holds no data file');
  });
});

describe('patterns', () => {
  const root = path.dirname(scratch('glob/x'));
  const names = [
    'a.csv',
    'b.csv',
    'b2.csv',
    'c.jsonl',
    '.h.csv',
    '_part.csv',
    'd/a.csv',
    'd/e/a.csv',
    '.d/a.csv',
    'd[1]/x.csv',
    'w{1}.csv',
    'z.csv.tmp',
    'é😀.csv',
  ];
  for (const name of names) scratch(`glob/${name}`, '');
  symlinkSync(root, path.join(root, 'd', 'loop'));
  symlinkSync(path.join(root, 'a.csv'), path.join(root, 'd', 'link.csv'));

  it.each([
    ['*.csv', ['a.csv', 'b.csv', 'b2.csv', 'w{1}.csv', 'é😀.csv']],
    ['b?.csv', ['b2.csv']],
    ['é?.csv', ['é😀.csv']],
    ['[ab].csv', ['a.csv', 'b.csv']],
    ['[!a].csv', ['b.csv']],
    ['[a-b]*.csv', ['a.csv', 'b.csv', 'b2.csv']],
    ['{a,b{,2}}.csv', ['a.csv', 'b.csv', 'b2.csv']],
    ['{a.csv,c.jsonl}', ['a.csv', 'c.jsonl']],
    ['.*.csv', ['.h.csv']],
    ['_*.csv', ['_part.csv']],
    ['d/*.csv', ['d/a.csv', 'd/link.csv']],
    ['*/a.csv', ['d/a.csv']],
    ['**/a.csv', ['a.csv', 'd/a.csv', 'd/e/a.csv']],
    ['**/e/**/*.csv', ['d/e/a.csv']],
    ['d/**', ['d/a.csv', 'd/e/a.csv', 'd/link.csv']],
    ['d/../a.csv', ['a.csv']],
    ['w{1}.c*', ['w{1}.csv']],
  ])('%s', (pattern, found) => {
    expect(isGlob(pattern) || pattern.includes('..')).toBe(true);
    expect(expandGlob(path.join(root, 'x').replace(/x$/, pattern)).map((file) => path.relative(root, file))).toEqual(
      found,
    );
  });

  it('nothing that matches is an error', async () => {
    expect(await refusal(async () => expandGlob(`${root}/*.parquet`))).toContain(
      `no file matches ${root}/*.parquet, expected at least one`,
    );
    expect(await refusal(async () => expandGlob('/no/such/folder/*'))).toContain('no file matches');
  });
});

function numbers(label: string, field: Field, values: (number | null)[]): Source {
  const schema = new Schema([field]);
  const [child] = vectorFromArray(values, new Int32()).data;
  const data = makeData({ type: new Struct([field]), length: values.length, nullCount: 0, children: [child] });
  return {
    label,
    schema,
    files: [],
    async *batches() {
      yield new RecordBatch(schema, data);
    },
  };
}
