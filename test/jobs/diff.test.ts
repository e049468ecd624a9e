import path from 'node:path';
import { Field, Float64, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { diffOutputs } from '../../src/jobs/diff/diffOutputs.js';
import { diffJson, diffText } from '../../src/jobs/diff/diffText.js';
import { readTable, tableFromRows } from '../../src/table/open.js';
import { describePython, runPython } from '../python.js';
import { temporaryFolder } from './temporary.js';

type Row = Record<string, unknown>;
const A: Row[] = Array.from({ length: 10 }, (_, id) => ({ id, summary: `summary ${id}`, score: id / 2 }));
const table = (rows: Row[]) => tableFromRows(rows);

const B: Row[] = [
  ...A.slice(0, 3),
  { ...A[3], summary: 'another' },
  { ...A[4], score: 9.5 },
  ...A.slice(6).map((row, i) => (i === 0 ? { ...row, summary: null, score: null } : row)),
  { id: 10, summary: 'new', score: 5 },
];

describe('two outputs', () => {
  it('that are equal are said to be so, in any order of rows by key', async () => {
    const result = await diffOutputs(table(A), table([...A].reverse()), { key: ['id'] });
    expect(result).toMatchObject({
      same: true,
      rows: { equal: 10, changed: 0, only_in_a: 0, only_in_b: 0 },
      shown: [],
    });
    expect(diffText(result)).toMatch(/the same\n$/);
  });

  it('by key', async () => {
    const result = await diffOutputs(table(A), table(B), { key: ['id'] });
    expect(result).toMatchObject({
      same: false,
      rows: { equal: 6, changed: 3, only_in_a: 1, only_in_b: 1 },
      changed_by_column: { summary: 2, score: 2 },
      schema: [],
      a: { rows: 10 },
      b: { rows: 10 },
    });
    expect(result.shown).toEqual([
      { kind: 'changed', key: { id: 3 }, values: { summary: { a: 'summary 3', b: 'another' } } },
      { kind: 'changed', key: { id: 4 }, values: { score: { a: 2, b: 9.5 } } },
      { kind: 'changed', key: { id: 6 }, values: { summary: { a: 'summary 6', b: null }, score: { a: 3, b: null } } },
      { kind: 'only_in_b', key: { id: 10 }, values: { summary: { b: 'new' }, score: { b: 5 } } },
      { kind: 'only_in_a', key: { id: 5 }, values: { summary: { a: 'summary 5' }, score: { a: 2.5 } } },
    ]);
    expect(diffText(result).split('\n').slice(2, 7)).toEqual([
      'rows: 6 equal, 3 changed, 1 only in a, 1 only in b',
      'changed: summary 2, score 2',
      '',
      'id 3',
      '  - summary: summary 3',
    ]);
  });

  it('by row number, with only some columns and only some shown', async () => {
    const result = await diffOutputs(table(A), table(A.slice(0, 8).map((row) => ({ ...row, score: -1 }))), {
      columns: ['summary', 'score'],
      show: 2,
    });
    expect(result.rows).toEqual({ equal: 0, changed: 8, only_in_a: 2, only_in_b: 0 });
    expect(result.shown).toEqual([
      { kind: 'changed', key: { row: 1 }, values: { score: { a: 0, b: -1 } } },
      { kind: 'changed', key: { row: 2 }, values: { score: { a: 0.5, b: -1 } } },
    ]);
    expect(diffText(result)).toMatch(/\nand 8 more\n$/);
    expect((await diffOutputs(table(A), table(B), { columns: ['id'] })).rows).toMatchObject({ equal: 5, changed: 5 });
  });

  it('whose schemas differ', async () => {
    const rows = [{ id: 1, n: 7, text: 'x' }];
    const schema = (id: Field) => new Schema([id, new Field('n', new Float64()), new Field('text', new Utf8())]);
    const a = tableFromRows(rows, schema(new Field('id', new Int32())));
    const b = tableFromRows(rows, schema(new Field('id', new Int64()))).select('id', 'n');
    const result = await diffOutputs(a, b, { key: ['id'] });
    expect(result).toMatchObject({ same: false, columns: ['n'], rows: { equal: 1 } });
    expect(result.schema).toEqual([
      { column: 'id', a: 'Int32', b: 'Int64' },
      { column: 'text', a: 'Utf8', b: null },
    ]);
    expect(diffText(result)).toContain('column id is Int32 in a, Int64 in b\ncolumn text is only in a\n');
  });

  it('refuse a key that is there twice, or not at all', async () => {
    const twice = [...A, { ...A[2], summary: 'again' }];
    await expect(diffOutputs(table(A), table(twice), { key: ['id'] })).rejects.toThrow(
      /^\[column\] id = 2 twice in .*, expected a key that names one row/,
    );
    await expect(diffOutputs(table(twice), table(A), { key: ['id'] })).rejects.toThrow('id = 2 twice in');
    await expect(diffOutputs(table(A), table(A), { key: ['idd'] })).rejects.toThrow('did you mean id?');
  });
});

describePython('files of PyArrow', () => {
  it('null, NaN and nested values are equal to themselves', async () => {
    const folder = temporaryFolder();
    runPython(
      `import pyarrow as pa, pyarrow.parquet as pq, sys
def write(name, last):
  pq.write_table(pa.table({
    "id": pa.array([1, 2, 3, 4], pa.int64()),
    "score": pa.array([None, float("nan"), -0.0, float("inf")]),
    "tags": pa.array([["a", None], [], None, last]),
    "raw": pa.array([b"\\x00\\xff", None, b"", b"x"]),
    "entity": pa.array([{"name": "x", "n": 2**60}, None, {"name": None, "n": 1}, {"name": "y", "n": 2}]),
    "at": pa.array([1, 2, None, 4], pa.timestamp("us", tz="UTC")),
  }), sys.argv[1] + "/" + name)
write("a.parquet", ["z"]); write("b.parquet", ["z"]); write("c.parquet", ["Z"])`,
      [folder],
    );
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => readTable(path.join(folder, `${name}.parquet`))));
    for (const key of [[], ['id']]) {
      expect(await diffOutputs(a, b, { key })).toMatchObject({ same: true, rows: { equal: 4 } });
      const changed = await diffOutputs(a, c, { key });
      expect(changed.rows).toEqual({ equal: 3, changed: 1, only_in_a: 0, only_in_b: 0 });
      expect(JSON.parse(diffJson(changed)).shown[0].values).toEqual({ tags: { a: ['z'], b: ['Z'] } });
    }
  });
});
