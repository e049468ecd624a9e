import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { describeDeltaRs, runDelta } from './python.js';
import { problemOf, rowsOf, saveAsArrow, temporaryFolder } from './support.js';

describeDeltaRs('tables that delta-rs wrote', () => {
  /** Has delta-rs make a table by that script. */
  function made(script: string): string {
    const table = path.join(temporaryFolder(), 'table');
    runDelta(script, table);
    return table;
  }

  async function compared(table: string, version?: number): Promise<string> {
    const ours = path.join(temporaryFolder(), 'ours.arrows');
    await saveAsArrow(await openDelta(table, { version }), ours);
    const theirs = `DeltaTable(folder${version === undefined ? '' : `, version=${version}`})`;
    return runDelta(`same(sys.argv[2], ${theirs})`, table, ours);
  }

  test('every type', async () => {
    const table = made(`
write_deltalake(folder, every_type(0, 100))
write_deltalake(folder, every_type(100, 50), mode='append')`);
    expect(await compared(table)).toBe('same 150');
    const source = await openDelta(table);
    expect(source.rows).toBe(150);
    expect(source.files[0]).toBe(fs.realpathSync(table));
    const ids = (await rowsOf(source, { columns: ['id'] })).map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: 150 }, (_, i) => i));
  });

  test('partitioned by each simple type', async () => {
    // delta-rs 1.6 cannot write negative decimals with digits behind the point as partitions: those begin at id 400.
    const columns = `'string boolean byte short integer float double date timestamp ntz decimal wide'.split()`;
    const tables = made(`
for c in ${columns}:
    rows = every_type(400 if c == 'decimal' else 0, 12).select(['id', c, 'list'])
    write_deltalake(os.path.join(folder, c), rows, partition_by=[c])`);
    for (const column of fs.readdirSync(tables)) {
      const table = path.join(tables, column);
      await saveAsArrow(await openDelta(table), `${table}.arrows`);
    }
    const same = runDelta(
      `for c in ${columns}: same(os.path.join(folder, c + '.arrows'), DeltaTable(os.path.join(folder, c)))`,
      tables,
    );
    expect(same.split('\n')).toEqual(Array(12).fill('same 12'));
  });

  test('partitions of several columns, with names and values that paths do not take as they are', async () => {
    const table = made(`
write_deltalake(folder, pa.table({
    'id': list(range(6)),
    'a b/c': ['x/y', 'x y', '100%', 'ü=?', None, 'a:b'],
    'n': pa.array([1, 2, None, -4, 5, 6], pa.int32()),
}), partition_by=['a b/c', 'n'])`);
    expect(await compared(table)).toBe('same 6');
    expect(await rowsOf(await openDelta(table), { columns: ['n', 'a b/c'], limit: 6 })).toHaveLength(6);
    expect(await rowsOf(await openDelta(table), { columns: [] })).toEqual(Array(6).fill({}));
  });

  test('checkpoints, and versions before and after them', async () => {
    const table = made(`
for i in range(7):
    write_deltalake(folder, every_type(i * 10, 10).select(['id', 'string', 'struct']), mode='append')
    if i in (2, 5): DeltaTable(folder).create_checkpoint()
DeltaTable(folder).delete('id % 10 = 3')`);
    for (let version = 0; version <= 7; version++) {
      await saveAsArrow(await openDelta(table, { version }), `${table}.${version}`);
    }
    const same = runDelta(`for v in range(8): same(folder + '.%d' % v, DeltaTable(folder, version=v))`, table);
    expect(same.split('\n')).toEqual([10, 20, 30, 40, 50, 60, 70, 63].map((rows) => `same ${rows}`));
    // The hint is stale or broken at times; the folder itself says what is there.
    fs.writeFileSync(path.join(table, '_delta_log/_last_checkpoint'), 'broken');
    for (let version = 0; version < 5; version++) {
      fs.rmSync(path.join(table, `_delta_log/0000000000000000000${version}.json`));
    }
    fs.rmSync(path.join(table, '_delta_log/00000000000000000002.checkpoint.parquet'));
    expect(await rowsOf(await openDelta(table))).toHaveLength(63);
    expect((await problemOf(openDelta(table, { version: 4 }))).message).toMatch(
      /^\[delta\] .*table has no version 4, expected a version from 5 to 7; earlier versions are gone: their log was cleaned up$/,
    );
    expect((await problemOf(openDelta(table, { version: 8 }))).message).toMatch(
      /has no version 8, expected a version from 5/,
    );
  });

  test('columns that older files lack', async () => {
    const table = made(`
write_deltalake(folder, every_type(0, 10).select(['id', 'string']))
write_deltalake(folder, every_type(10, 10).select(['id', 'string', 'list', 'decimal']), mode='append', schema_mode='merge')
write_deltalake(folder, pa.table({'id': pa.array([20])}), mode='append', schema_mode='merge')`);
    expect(await compared(table)).toBe('same 21');
    expect(await compared(table, 0)).toBe('same 10');
  });

  test('metadata of columns', async () => {
    const table = made(`
field = pa.field('id', pa.int64(), nullable=False, metadata={'comment': 'who', 'level': '3'})
write_deltalake(folder, pa.table([pa.array([1])], schema=pa.schema([field])))`);
    const [field] = (await openDelta(table)).schema.fields;
    expect([field.nullable, Object.fromEntries(field.metadata)]).toEqual([false, { comment: 'who', level: '3' }]);
  });
});
