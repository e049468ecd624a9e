import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTable } from '../../src/table/open.js';
import { pageIndex } from '../../src/table/parquet/parquetPageIndex.js';
import { describePython, runPython } from '../python.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 30_000;
/** One row group of 30 MB and a small one behind it; texts that nothing compresses. */
const WRITE = `import base64, os, sys, pyarrow as pa, pyarrow.parquet as pq
n = ${ROWS}
columns = {
  "id": pa.array(range(n)),
  "text": [f"{i} " + base64.b64encode(os.urandom(750)).decode() for i in range(n)],
  "kind": [None if i % 7 == 0 else "abc"[i % 3] for i in range(n)],
  "pair": pa.array([None if i % 11 == 0 else {"n": i, "t": str(i)} for i in range(n)]),
}
if "list" in sys.argv[3]: columns["list"] = [[str(i)] * (i % 3) for i in range(n)]
pq.write_table(pa.table(columns), sys.argv[1], row_group_size=n - 1000, **eval(sys.argv[2]))`;

function write(options: string, extra = ''): string {
  const file = path.join(folder, 'pages.parquet');
  runPython(WRITE, [file, options, extra]);
  return file;
}

function indexOf(file: string) {
  const bytes = readFileSync(file);
  const at = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  const read = async (position: number, length: number) => bytes.subarray(position, position + length);
  return pageIndex(bytes.subarray(at, -8), at, read);
}

describePython('pages that are found by their headers', () => {
  it.each([
    ['as PyArrow writes by default', 'dict()', ''],
    [
      'without dictionaries, in small pages',
      'dict(use_dictionary=False, data_page_size=20000, compression="zstd")',
      '',
    ],
    ['of the second version, lists too', 'dict(data_page_version="2.0", compression="gzip")', 'list'],
  ])('%s: the rows of parts are the rows of the whole', async (_, options, extra) => {
    const file = write(options, extra);
    expect(await indexOf(file)).not.toBeNull();
    let id = 0;
    for await (const batch of (await readTable(file)).batches()) {
      const columns = batch.schema.fields.map(({ name }) => [name, batch.getChild(name)!] as const);
      for (let i = 0; i < batch.numRows; i++, id++) {
        const { text, ...row } = Object.fromEntries(columns.map(([name, column]) => [name, column.get(i)]));
        if (!text.startsWith(`${id} `) || text.length !== `${id}`.length + 1001) expect(text).toBe(`the text of ${id}`);
        const expected = {
          id,
          kind: id % 7 === 0 ? null : 'abc'[id % 3],
          pair: id % 11 === 0 ? null : { n: id, t: `${id}` },
          ...(extra ? { list: Array(id % 3).fill(`${id}`) } : {}),
        };
        if (id % 50 === 0) expect(JSON.parse(JSON.stringify(row, plain))).toEqual(expected);
        else if (Number(row.id) !== id || row.kind !== expected.kind) expect(row).toEqual(expected);
      }
    }
    expect(id).toBe(ROWS);
  });

  it('rows behind an offset within a large row group are the rows of the whole', async () => {
    const file = write('dict()');
    const table = await readTable(file);
    for (const [offset, limit] of [
      [1, 3],
      [23_456, 2_000],
      [ROWS - 1001, 4],
      [ROWS - 1000, 2_000],
    ]) {
      const ids: number[] = [];
      for await (const batch of table.batches({ offset, limit, columns: ['text', 'id'] })) {
        for (const id of batch.getChild('id')!) ids.push(Number(id));
      }
      expect(ids).toEqual(Array.from({ length: Math.min(limit, ROWS - offset) }, (_, i) => offset + i));
    }
  });

  it.each([
    ['lists in pages of the first version, whose headers count items', 'dict()', 'list'],
    ['a file that says it itself', 'dict(write_page_index=True)', ''],
  ])('not of %s', async (_, options, extra) => {
    const file = write(options, extra);
    expect(await indexOf(file)).toBeNull();
    const ids = (await (await readTable(file)).select('id').collect()).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: ROWS }, (_, id) => id));
  });
});

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
