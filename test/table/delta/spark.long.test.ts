import fs from 'node:fs';
import path from 'node:path';
import { RecordBatchReader } from 'apache-arrow';
import { expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import type { WriteOptions } from '../../../src/table/types.js';
import { writeDelta } from './rows.js';
import { describeSpark, runSpark, SPARK } from './spark.js';
import { problemOf, saveAsArrow, temporaryFolder } from './support.js';

describeSpark('with a real Spark', () => {
  async function write(rows: string, table: string, options: WriteOptions): Promise<void> {
    await writeDelta(table, [...RecordBatchReader.from(fs.readFileSync(rows))], options);
  }

  test('Spark reads what we write and goes on with it; we read what Spark wrote', { timeout: 600_000 }, async () => {
    const root = temporaryFolder();
    const at = (name: string) => path.join(root, name);
    runSpark(
      `
save(every_type(0, 60), folder + '/first')
save(every_type(60, 40), folder + '/second')
save(pa.table({'id': pa.array([3, 70], pa.int64()), 'string': ['merged', None], 'extra': pa.array([1.5, None])}), folder + '/updates')
save(pa.table({'id': pa.array([8, 9]), 'kind': ['x/y', None], 'day': pa.array([dt.date(2020, 1, 2)] * 2),
    'at': pa.array([dt.datetime(2020, 1, 2, 3, 4, 5, 6, utc)] * 2, pa.timestamp('us', 'UTC'))}), folder + '/partitioned.rows')`,
      root,
    );
    await write(at('first'), at('ours'), {});
    await write(at('second'), at('ours'), { mode: 'append' });
    const how = { mode: 'merge', mergeKey: ['id'], mergeColumns: ['string', 'extra'] } as const;
    await write(at('updates'), at('ours'), how);
    runSpark(
      `${SPARK}
keep('ours')
# Files are skipped by our statistics here: a wrong bound would lose rows.
assert [r.id for r in sql("select id from delta.\`@ours\` where id = 70 or string = 'text 99 ü' or wide = -5 * cast(1e30 as decimal(38, 0)) or timestamp = timestamp'1950-01-01 02:03:04.567891' order by id").collect()] == [0, 5, 70, 99]
assert sql("describe history delta.\`@ours\`").select('version', 'operation').orderBy('version').collect() == [(0, 'WRITE'), (1, 'WRITE'), (2, 'MERGE')]
sql("delete from delta.\`@ours\` where id % 10 = 1")
sql("insert into delta.\`@ours\` select * from delta.\`@ours\` where id = 99")
checkpoint('ours')
keep('ours.later', spark.read.format('delta').load(folder + '/ours').toArrow())
types = """id, cast(id as string) string, id % 2 = 0 boolean, cast(id as byte) byte, cast(id as short) short, cast(id as int) integer,
    cast(id / 3 as float) float, id / 7 double, cast(cast(id as string) as binary) binary, date'1950-01-01' + cast(id as int) date,
    timestamp'1950-01-01 01:02:03.456789' + make_interval(0, 0, 0, cast(id as int)) timestamp,
    timestamp_ntz'1950-01-01 01:02:03.456789' + make_interval(0, 0, 0, cast(id as int)) ntz,
    cast(id - 3 as decimal(9, 2)) decimal, cast(id as decimal(15, 3)) mid, cast(id as decimal(38, 0)) wide, array('a', null, cast(id as string)) list,
    named_struct('x', cast(id as int), 'y', named_struct('z', cast(id as string))) struct, map('k', id, 'l', null) map,
    if(id % 3 = 0, null, array(timestamp'1900-01-01 00:00:00.5')) times"""
sql(f"create table delta.\`@every\` using delta as select {types} from range(30)")
sql(f"insert into delta.\`@every\` select {types} from range(30, 40)")
keep('every')
sql("create table delta.\`@far\` using delta as select 1 id, timestamp'0001-01-01' low, timestamp'9999-12-31 23:59:59.999999' high")
keep('far')
columns = 'string, boolean, byte, short, integer, float, double, date, timestamp, ntz, decimal, wide'
sql(f"create table delta.\`@by_all\` using delta partitioned by ({columns}) as select id, {columns} from delta.\`@every\` where id < 4")
keep('by_all')
sql("create table delta.\`@partitioned\` (id long, kind string, day date, at timestamp) using delta partitioned by (kind, day, at)")
sql("insert into delta.\`@partitioned\` select id, 'a b', date'2020-01-01', timestamp'2020-01-01 00:00:00.5' from range(8)")
spark.conf.set('spark.sql.files.maxRecordsPerFile', '1')
spark.conf.set('spark.databricks.delta.checkpoint.partSize', '2')
for name, policy in ('v2', 'v2'), ('parts', 'classic'):
    sql(f"create table delta.\`@{name}\` using delta tblproperties ('delta.checkpointPolicy' = '{policy}') as select id from range(5)")
    checkpoint(name)
    sql(f"insert into delta.\`@{name}\` values (5)")
keep('v2'); keep('parts')
spark.conf.unset('spark.sql.files.maxRecordsPerFile')
sql("create table delta.\`@vectors\` using delta tblproperties ('delta.enableDeletionVectors' = 'true') as select id from range(10)")
keep('vectors')
sql("create table delta.\`@deleted\` using delta tblproperties ('delta.enableDeletionVectors' = 'true') as select id from range(10)")
sql("delete from delta.\`@deleted\` where id = 3")
sql("create table delta.\`@mapped\` using delta tblproperties ('delta.columnMapping.mode' = 'name') as select id from range(10)")`,
      root,
    );
    expect((await problemOf(openDelta(at('deleted')))).message).toMatch(/deletionVectors: 1 of its 1 files/);
    expect((await problemOf(openDelta(at('mapped')))).message).toMatch(/columnMapping \(mode name\)/);
    await saveAsArrow(await openDelta(at('ours')), at('ours.later.precis'));
    const theirs = fs.readdirSync(root).filter((name) => name.endsWith('.spark') && !name.startsWith('ours'));
    expect(theirs).toHaveLength(6);
    for (const file of theirs) {
      const table = file.replace('.spark', '');
      await saveAsArrow(await openDelta(at(table)), at(`${table}.precis`));
    }
    await write(at('partitioned.rows'), at('partitioned'), { mode: 'append' });
    const same = runSpark(
      `${SPARK}
import pyarrow.compute
merged = every_type(0, 100)
strings = merged['string'].to_pylist()
strings[3], strings[70] = 'merged', None
merged = merged.set_column(1, 'string', pa.array(strings))
merged = merged.append_column('extra', pa.array([1.5 if i == 3 else None for i in range(100)]))
same(folder + '/ours.spark', merged)
read = lambda name: ipc.open_stream(folder + '/' + name).read_all()
for name in ${JSON.stringify([...theirs, 'ours.later.spark'])}:
    try: same(folder + '/' + name.replace('.spark', '.precis'), read(name))
    except AssertionError as e: raise AssertionError(name) from e
partitioned = spark.read.format('delta').load(folder + '/partitioned').toArrow()
assert partitioned.num_rows == 10
same(partitioned.filter(pa.compute.greater(partitioned['id'], 7)), read('partitioned.rows'))
assert sql("select id from delta.\`@partitioned\` where kind = 'x/y' and at = timestamp'2020-01-02 03:04:05.000006'").collect() == [(8,)]`,
      root,
    );
    expect(same.split('\n')).toEqual(Array(9).fill(expect.stringMatching(/^same \d+$/)));
  });
});
