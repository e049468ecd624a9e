import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { readTable, tableFromRows } from '../../src/table/open.js';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'precis-append-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let files = 0;
const target = (extension: string, content?: string) => {
  const name = path.join(folder, `${files++}${extension}`);
  if (content !== undefined) fs.writeFileSync(name, content);
  return name;
};
const ROW = { id: 2, at: new Date(0), score: 0.5, tags: ['x'] };
const NEW = tableFromRows([ROW]);
const LINE = '2,1970-01-01T00:00:00.000Z,0.5,"[""x""]"';
const JSON_LINE = '{"id":2,"at":"1970-01-01T00:00:00.000Z","score":0.5,"tags":["x"]}';

describe('rows behind those of a file of text, whose bytes stay', () => {
  it.each([
    ['.csv', 'id,at,score,tags\n1,,,\n', `id,at,score,tags\n1,,,\n${LINE}\n`],
    ['.csv', 'id,at,score,tags\r\n 01 ,"a",b,c', `id,at,score,tags\r\n 01 ,"a",b,c\n${LINE}\n`],
    ['.csv', 'score,id,tags,at\n', 'score,id,tags,at\n0.5,2,"[""x""]",1970-01-01T00:00:00.000Z\n'],
    ['.csv', '', `id,at,score,tags\n${LINE}\n`],
    ['.tsv', 'id\tat\tscore\ttags\n', `id\tat\tscore\ttags\n2\t1970-01-01T00:00:00.000Z\t0.5\t"[""x""]"\n`],
    ['.jsonl', '{"id":1,"at":null,"score":1,"tags":[]}', `{"id":1,"at":null,"score":1,"tags":[]}\n${JSON_LINE}\n`],
    ['.jsonl', '', `${JSON_LINE}\n`],
  ])('%s of %j', async (extension, old, expected) => {
    const file = target(extension, old);
    expect(await NEW.write(file, { mode: 'append' })).toEqual({ target: file, rows: 1 });
    expect(fs.readFileSync(file, 'utf8')).toBe(expected);
  });

  it('what a table wrote it can append to, and all rows are there', async () => {
    for (const extension of ['.csv', '.jsonl']) {
      const file = target(extension);
      await NEW.write(file);
      await NEW.write(file, { mode: 'append' });
      const rows = await (await readTable(file)).collect();
      expect(rows).toHaveLength(2);
      expect(rows[1]).toEqual(rows[0]);
    }
  });

  it('without a header columns go by their places', async () => {
    const file = target('.csv', '1,a\n');
    await tableFromRows([{ x: 2, y: 'b' }]).write(file, { mode: 'append', header: false });
    expect(fs.readFileSync(file, 'utf8')).toBe('1,a\n2,b\n');
    await expect(NEW.write(file, { mode: 'append', header: false })).rejects.toThrow(
      /4 columns to append .*expected 2/,
    );
  });

  it.each([
    ['other names', '.csv', 'id,when\n', /has other columns than the rows to append/],
    ['a file that is ragged', '.csv', 'id,at,score,tags\n1,2\n', /line 2: 2 fields, expected 4/],
    ['another kind of value', '.jsonl', '{"id":"one","at":"x","score":1,"tags":[]}\n', /has other columns/],
  ])('refuses %s and leaves the file', async (_, extension, old, message) => {
    const file = target(extension, old);
    await expect(NEW.write(file, { mode: 'append' })).rejects.toThrow(message);
    expect(fs.readFileSync(file, 'utf8')).toBe(old);
  });
});

it.each(['.parquet', '.arrow', '.arrows'])('%s: a column that had no nulls may get some', async (extension) => {
  const file = target(extension);
  await tableFromRows([{ x: 'a' }], new Schema([new Field('x', new Utf8(), false)])).write(file);
  await tableFromRows([{ x: null }, { x: 'b' }]).write(file, { mode: 'append' });
  const table = await readTable(file);
  expect(table.schema.fields[0].nullable).toBe(true);
  expect(await table.collect()).toEqual([{ x: 'a' }, { x: null }, { x: 'b' }]);
});

it.each([
  [{ mode: 'append' }, /^\[output\] append for standard output/],
  [{ mode: 'merge', mergeKey: ['id'] }, /^\[output\] merge for standard output/],
  [{ format: 'csv' }, /^\[output\] format csv for standard output, expected arrows/],
] as const)('standard output cannot %j', async (options, message) => {
  await expect(NEW.write('-', options)).rejects.toThrow(message);
});
