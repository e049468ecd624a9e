import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTable } from '../../src/table/open.js';
import { describeTableFormat, shouted } from '../contracts/tableFormat.js';
import { describePython, hasModule, python, runPython } from '../python.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-round-trip-'));
const script = path.join(import.meta.dirname, 'roundTrip.py');

function call(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(python!, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

beforeAll(() => {
  if (python) call('make', folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

describePython('against PyArrow', () => {
  for (const extension of ['.parquet', '.arrow', '.arrows']) {
    describeTableFormat({
      extension,
      folder: () => folder,
      differences: (before, after, added) => call('compare', before, after, added),
    });
  }

  it.each([
    ['.parquet', '.arrow'],
    ['.parquet', '.arrows'],
    ['.arrow', '.parquet'],
    ['.arrows', '.arrow'],
  ])('%s becomes %s, with dictionaries that differ from batch to batch', async (from, to) => {
    const [before, after] = [path.join(folder, `table${from}`), path.join(folder, `from${from}${to}`)];
    await (await readTable(before)).withColumn('loud', shouted).write(after);
    expect(call('compare', before, after, 'loud')).toBe('');
  });

  it('a file in Arrow whose dictionary grows with each batch is read by PyArrow', async () => {
    const [before, after] = ['growing.parquet', 'growing.arrow'].map((name) => path.join(folder, name));
    const make = `import sys, pyarrow as pa, pyarrow.parquet as pq
words = pa.array([f"word {i // 3}" for i in range(600)]).dictionary_encode()
pq.write_table(pa.table({"words": words}), sys.argv[1], row_group_size=50)`;
    runPython(make, [before]);
    expect((await (await readTable(before)).write(after)).rows).toBe(600);
    const check = `import sys, pyarrow as pa
words = pa.ipc.open_file(sys.argv[1]).read_all().column("words")
print(words.to_pylist() == [f"word {i // 3}" for i in range(600)], len(words.chunks[-1].dictionary))`;
    expect(runPython(check, [after])).toBe('True 200\n');
  });

  it.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'])('Parquet compressed with %s is read', async (codec) => {
    const rows = await (await readTable(path.join(folder, `codec-${codec}.parquet`))).collect();
    const expected = await (await readTable(path.join(folder, 'codec-none.parquet'))).collect();
    expect(rows).toEqual(expected);
  });

  it('Arrow compressed with lz4 is read', async () => {
    const rows = await (await readTable(path.join(folder, 'codec-lz4.arrow'))).collect();
    expect(rows).toEqual(await (await readTable(path.join(folder, 'codec-none.parquet'))).collect());
  });

  it.skipIf(!hasModule('duckdb'))('DuckDB reads the same from our Parquet', async () => {
    const [before, after] = ['table', 'duck'].map((name) => path.join(folder, `${name}.parquet`));
    const names = ['int64', 'text', 'decimal128', 'stamp_us_zone', 'list', 'struct', 'map', 'deep', 'date32', 'bool'];
    await (await readTable(before)).select(...names).write(after, { mode: 'overwrite' });
    const query = `import duckdb, sys
read = lambda path: duckdb.sql(f"SELECT ${names.map((name) => `${name}::VARCHAR`).join(', ')} FROM read_parquet('{path}')").fetchall()
print(read(sys.argv[1]) == read(sys.argv[2]))`;
    expect(runPython(query, [before, after])).toBe('True\n');
  });

  it('a large row group is read in parts where the file says where its pages lie', async () => {
    const large = path.join(folder, 'large-group.parquet');
    const make = `import os, sys, pyarrow as pa, pyarrow.parquet as pq
text = [f"{i} " + os.urandom(1000).hex() for i in range(30000)]
pq.write_table(pa.table({"id": range(30000), "text": text, "list": [[str(i)] * (i % 3) for i in range(30000)]}), sys.argv[1], row_group_size=30000, write_page_index=True, compression="none")`;
    runPython(make, [large]);
    let id = 0;
    for (const row of await (await readTable(large)).collect()) {
      expect(row).toEqual({
        id,
        text: expect.stringMatching(new RegExp(`^${id} .{2000}$`)),
        list: Array(id % 3).fill(`${id}`),
      });
      id++;
    }
    expect(id).toBe(30_000);
    expect(
      await (await readTable(large))
        .limit(20_001)
        .filter((row) => row.id === 20_000)
        .collect(),
    ).toHaveLength(1);
  });

  const REFUSED = [
    ['run_end_encoded', 'pa.array(["a"] * 5)', 'pa.compute.run_end_encode', '.arrow'],
    ['list_view', 'pa.array([[1]], pa.list_view(pa.int32()))', '', '.arrow'],
  ];
  it.each(REFUSED)('a column of type %s is refused by name', async (type, values, wrap, extension) => {
    const file = path.join(folder, `refused-${type}${extension}`);
    runPython(
      `import pyarrow as pa, pyarrow.compute, sys
t = pa.table({"id": pa.array([1] * len(${values})), "odd": ${wrap}(${values})})
with pa.ipc.new_file(sys.argv[1], t.schema) as writer: writer.write_table(t)`,
      [file],
    );
    await expect(readTable(file)).rejects.toThrow(`[arrow] column odd of ${file} is of type ${type}, expected`);
  });

  it.each(['.arrow', '.parquet'])('views in %s become plain columns', async (extension) => {
    const [file, out] = ['views', 'plain'].map((name) => path.join(folder, name + extension));
    runPython(
      `import pyarrow as pa, pyarrow.parquet as pq, sys
words = ["a", None, "", "longer than twelve bytes", "exactly 12 b"]
t = pa.table({"s": pa.array(words, pa.string_view()), "l": pa.array([[w] for w in words], pa.list_(pa.string_view())), "b": pa.array([w and w.encode() for w in words], pa.binary_view())}).slice(1)
if sys.argv[1].endswith("parquet"): pq.write_table(t, sys.argv[1])
else:
    with pa.ipc.new_file(sys.argv[1], t.schema) as writer: writer.write_table(t)`,
      [file],
    );
    await (await readTable(file)).write(out, { mode: 'overwrite' });
    const read = `import pyarrow.parquet as pq, pyarrow as pa, sys
t = pq.read_table(sys.argv[1]) if sys.argv[1].endswith("parquet") else pa.ipc.open_file(sys.argv[1]).read_all()
print([str(f.type).replace("element", "item") for f in t.schema], t.to_pydict())`;
    expect(runPython(read, [out])).toBe(
      "['string', 'list<item: string>', 'binary'] {'s': [None, '', 'longer than twelve bytes', 'exactly 12 b'], 'l': [[None], [''], ['longer than twelve bytes'], ['exactly 12 b']], 'b': [None, b'', b'longer than twelve bytes', b'exactly 12 b']}\n",
    );
  });
});
