import fs from 'node:fs';
import path from 'node:path';
import { RecordBatchReader } from 'apache-arrow';
import { expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { createDeltaSink } from '../../../src/table/delta/sink.js';
import type { WriteOptions, WriteResult } from '../../../src/table/types.js';
import { describeDeltaRs, runDelta } from './python.js';
import { problemOf, saveAsArrow, temporaryFolder } from './support.js';

describeDeltaRs('tables that delta-rs reads', () => {
  async function write(file: string, table: string, options: WriteOptions = {}): Promise<WriteResult> {
    const reader = RecordBatchReader.from(fs.readFileSync(file)).open();
    const sink = await createDeltaSink(table, reader.schema, options);
    try {
      for (const batch of reader) await sink.write(batch);
    } catch (error) {
      await sink.abort();
      throw error;
    }
    return sink.publish();
  }

  function saved(expression: string): string {
    const file = path.join(temporaryFolder(), 'rows.arrows');
    runDelta(`save(${expression}, folder)`, file);
    return file;
  }

  function compare(expected: string, table: string): string {
    return runDelta(`same(DeltaTable(folder).to_pyarrow_table(), ${expected})`, table);
  }

  test('every type: created, appended to, overwritten', async () => {
    const table = path.join(temporaryFolder(), 'a', 'table');
    expect(await write(saved('every_type(0, 2500)'), table)).toEqual({ target: table, rows: 2500, version: 0 });
    expect(compare('every_type(0, 2500)', table)).toBe('same 2500');
    expect((await write(saved('every_type(2500, 10)'), table, { mode: 'append' })).version).toBe(1);
    expect(compare('every_type(0, 2510)', table)).toBe('same 2510');
    const refused = await problemOf(write(saved('every_type(0, 1)'), table));
    expect(refused.message).toMatch(/^\[output\] .*table exists, expected a table that is not there yet/);
    expect((await write(saved('every_type(7, 20)'), table, { mode: 'overwrite' })).version).toBe(2);
    expect(compare('every_type(7, 20)', table)).toBe('same 20');
    const history = JSON.parse(runDelta(`print(json.dumps(DeltaTable(folder).history()))`, table)) as Record<
      string,
      Record<string, string> & string
    >[];
    expect(history.map((h) => [h.version, h.operation, h.operationParameters.mode])).toEqual([
      [2, 'WRITE', 'Overwrite'],
      [1, 'WRITE', 'Append'],
      [0, 'WRITE', 'ErrorIfExists'],
    ]);
    expect(history[0].engineInfo).toMatch(/^precis\/\d/);
    expect(history[1].operationMetrics).toMatchObject({ numFiles: '1', numOutputRows: '10' });
    const ours = path.join(temporaryFolder(), 'ours.arrows');
    await saveAsArrow(await openDelta(table, { version: 1 }), ours);
    expect(runDelta(`same(folder, every_type(0, 2510))`, ours)).toBe('same 2510');
  });

  test('types that Delta lacks become the next that holds every value', async () => {
    const file = saved(`pa.table({
    'id': pa.array([1, 2, 3], pa.uint8()), 'u16': pa.array([65535, None, 0], pa.uint16()), 'u32': pa.array([2**32 - 1, None, 0], pa.uint32()),
    'u64': pa.array([2**64 - 1, None, 0], pa.uint64()), 'half': pa.array([1.5, None, -2.0], pa.float16()),
    'large': pa.array(['ü', None, ''], pa.large_string()), 'bytes': pa.array([b'abc', None, b'xyz'], pa.binary(3)),
    'category': pa.array(['b', None, 'b']).dictionary_encode(), 'ms': pa.array([-1, None, 5], pa.timestamp('ms', 'Europe/Berlin')),
    'ns': pa.array([-1000, None, 5000], pa.timestamp('ns')), 'fixed': pa.array([[1, 2], None, [3, None]], pa.list_(pa.int16(), 2)),
    'day': pa.array([86400000, None, -86400000], pa.date64()), 'big_list': pa.array([['a'], None, []], pa.large_list(pa.large_string())),
})`);
    const table = path.join(temporaryFolder(), 'table');
    await write(file, table);
    expect(
      compare(
        `pa.table({
    'id': pa.array([1, 2, 3], pa.int16()), 'u16': pa.array([65535, None, 0], pa.int32()), 'u32': pa.array([2**32 - 1, None, 0], pa.int64()),
    'u64': pa.array([decimal.Decimal(2**64 - 1), None, decimal.Decimal(0)], pa.decimal128(20, 0)), 'half': pa.array([1.5, None, -2.0], pa.float32()),
    'large': pa.array(['ü', None, '']), 'bytes': pa.array([b'abc', None, b'xyz']),
    'category': pa.array(['b', None, 'b']), 'ms': pa.array([-1000, None, 5000], pa.timestamp('us', 'UTC')),
    'ns': pa.array([-1, None, 5], pa.timestamp('us')), 'fixed': pa.array([[1, 2], None, [3, None]], pa.list_(pa.int16())),
    'day': pa.array([1, None, -1], pa.int32()).cast(pa.date32()), 'big_list': pa.array([['a'], None, []], pa.list_(pa.string())),
})`,
        table,
      ),
    ).toBe('same 3');
  });

  test('into a table with partitions, whose folders delta-rs finds', async () => {
    const table = path.join(temporaryFolder(), 'table');
    const rows = (first: number, n: number) => `pa.table({
    'id': list(range(${first}, ${first} + ${n})), 'kind': [[None, 'x/y', 'a b', 'ü=%', "q'"][i % 5] for i in range(${first}, ${first} + ${n})],
    'day': pa.array([dt.date(2020, 1, 1 + i % 2) for i in range(${first}, ${first} + ${n})]),
    'at': pa.array([dt.datetime(2020, 1, 1, 0, 0, 0, i % 2, utc) for i in range(${first}, ${first} + ${n})], pa.timestamp('us', 'UTC')),
})`;
    runDelta(`write_deltalake(folder, ${rows(0, 10)}, partition_by=['kind', 'day', 'at'])`, table);
    await write(saved(rows(10, 40)), table, { mode: 'append' });
    expect(compare(rows(0, 50), table)).toBe('same 50');
    const found = runDelta(
      `print(DeltaTable(folder).to_pyarrow_table(partitions=[('kind', '=', 'x/y'), ('day', '=', '2020-01-02')]).num_rows)`,
      table,
    );
    expect(found).toBe('5');
  });

  test('statistics', async () => {
    const table = path.join(temporaryFolder(), 'table');
    await write(saved('every_type(0, 300)'), table);
    const long = `['a' * 40, 'b' * 40, chr(0x1f600) * 40, chr(0xffff)]`;
    const rows = `pa.table({'long': ${long}, 'nan': [1.0, float('nan'), 2.0, None], 'none': pa.nulls(4, pa.int32()), 'big': [2**63 - 1, -2**63, 0, None]})`;
    const odd = path.join(temporaryFolder(), 'odd');
    await write(saved(rows), odd);
    const statistics = runDelta(
      `
for table in sys.argv[1:]:
    actions = pa.table(DeltaTable(table).get_add_actions(flatten=True)).to_pylist()[0]
    print(json.dumps({name: value for name, value in actions.items() if name.split('.')[0] in ('num_records', 'min', 'max', 'null_count')}, default=str))`,
      table,
      odd,
    );
    const [plain, awkward] = statistics.split('\n').map((line) => JSON.parse(line));
    expect(plain).toMatchObject({
      num_records: 300,
      'null_count.id': 0,
      'null_count.string': 100,
      'min.id': 0,
      'max.id': 299,
      'min.string': 'text 0 ü',
      'max.string': 'text 99 ü',
      'min.wide': '-299000000000000000000000000000000',
      'max.wide': '0',
      'min.date': '1950-01-01',
      'max.timestamp': '2029-05-29 02:03:04.567891+00:00',
    });
    // Cut to 32 characters, and the greatest never below what it was cut from; no bounds where NaN is.
    expect(awkward).toMatchObject({
      'min.long': 'a'.repeat(32),
      'max.long': `${'\u{1f600}'.repeat(32)}\u{10ffff}`,
      'null_count.none': 4,
      'min.big': -(2 ** 63),
      'max.big': 2 ** 63,
    });
    expect(awkward['min.nan'] ?? null).toBeNull();
  });
});
