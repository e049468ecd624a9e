import path from 'node:path';
import { expect, test } from 'vitest';
import { openParquet } from '../../src/table/parquet/parquetSource.js';
import { describePython, runPython } from '../python.js';
import { saveAsArrow, temporaryFolder } from './delta/support.js';

describePython('96-bit times, as Spark writes them', () => {
  test.for([0, 1, 14, 15, 200])('far from today, in a file with %i entries of metadata', async (entries) => {
    const folder = temporaryFolder();
    const [file, ours] = [path.join(folder, 'x.parquet'), path.join(folder, 'x.arrows')];
    runPython(
      `
import sys, datetime as dt, pyarrow as pa, pyarrow.parquet as pq
utc = dt.timezone.utc
times = [dt.datetime(1, 1, 1, tzinfo=utc), None, dt.datetime(9999, 12, 31, 23, 59, 59, 999999, utc), dt.datetime(1969, 12, 31, 23, 59, 59, 1, utc)]
table = pa.table({'id': range(4), 'at': pa.array(times, pa.timestamp('us', 'UTC')), 'all': pa.array([times, None, [], times[2:]], pa.list_(pa.timestamp('us', 'UTC')))})
table = table.replace_schema_metadata({'key %d' % i: 'x' * i for i in range(int(sys.argv[2]))})
pq.write_table(table, sys.argv[1], use_deprecated_int96_timestamps=True, store_schema=False, row_group_size=2)`,
      [file, String(entries)],
    );
    const source = await openParquet(file, { instants: true });
    expect(source.schema.fields.map(({ type }) => String(type))).toEqual([
      'Int64',
      'Timestamp<MICROSECOND, UTC>',
      'List<Timestamp<MICROSECOND, UTC>>',
    ]);
    await saveAsArrow(source, ours);
    const values = runPython(
      `
import sys, pyarrow.ipc as ipc, pyarrow as pa
table = ipc.open_stream(sys.argv[1]).read_all()
print(table['at'].cast(pa.int64()).to_pylist(), table['all'].cast(pa.list_(pa.int64())).to_pylist())`,
      [ours],
    );
    const [low, high, before] = [-62135596800000000, 253402300799999999n, -999999];
    expect(values.trim()).toBe(
      `[${low}, None, ${high}, ${before}] [[${low}, None, ${high}, ${before}], None, [], [${high}, ${before}]]`,
    );
  });

  test('nanoseconds that are stored as such are left alone', async () => {
    const file = path.join(temporaryFolder(), 'x.parquet');
    runPython(
      `
import sys, pyarrow as pa, pyarrow.parquet as pq
pq.write_table(pa.table({'at': pa.array([1, -1001], pa.timestamp('ns'))}), sys.argv[1], store_schema=False)`,
      [file],
    );
    const source = await openParquet(file, { instants: true });
    expect(String(source.schema.fields[0].type)).toBe('Timestamp<NANOSECOND>');
    for await (const batch of source.batches()) expect([...batch.data.children[0].values]).toEqual([1n, -1001n]);
  });
});
