import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { createDeltaSink } from '../../../src/table/delta/sink.js';
import { publishedVersion } from '../../../src/table/delta/transaction.js';
import { readTable, tableFromRows } from '../../../src/table/open.js';
import type { WriteOptions } from '../../../src/table/types.js';
import { describeDeltaRs, runDelta } from './python.js';
import { problemOf, temporaryFolder } from './support.js';

const rows = (...ids: number[]) => tableFromRows(ids.map((id) => ({ id, text: `text ${id}` })));
const idsIn = async (table: string) => (await (await readTable(table)).collect()).map(({ id }) => id);
const of = (app: string, version = 0): WriteOptions => ({ format: 'delta', transaction: { app, version } });

async function written(table = path.join(temporaryFolder(), 'table')): Promise<string> {
  await rows(1, 2).write(table, of('made'));
  await rows(3).write(table, { ...of('appended', 7), mode: 'append' });
  await rows(9).write(table, { format: 'delta', mode: 'append' });
  const more = tableFromRows([{ id: 3, more: 'x' }]);
  await more.write(table, { ...of('merged'), mode: 'merge', mergeKey: ['id'] });
  await rows(4, 5).write(table, { ...of('overwritten'), mode: 'overwrite' });
  return table;
}

async function versions(table: string): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  for (const app of ['made', 'appended', 'merged', 'overwritten', 'other']) {
    found.push(await publishedVersion(table, app));
  }
  return found;
}

describe('a transaction in the log', () => {
  test('is found by its name: created, appended, merged, overwritten', async () => {
    const table = await written();
    expect(await versions(table)).toEqual([0, 1, 3, 4, null]);
    expect(await publishedVersion(path.join(table, 'nowhere'), 'made')).toBeNull();
  });

  test('is not written twice, nor one before it; the next is', async () => {
    const table = path.join(temporaryFolder(), 'table');
    await rows(1).write(table, of('job', 3));
    for (const version of [3, 2]) {
      for (const how of [{ mode: 'append' }, { mode: 'overwrite' }, { mode: 'merge', mergeKey: ['id'] }] as const) {
        const again = await problemOf(rows(2).write(table, { ...of('job', version), ...how }));
        expect(again.message).toMatch(
          /^\[delta\] .*table has version 3 of the transaction job already, expected one before/,
        );
      }
    }
    expect((await rows(2).write(table, { ...of('job', 4), mode: 'append' })).version).toBe(1);
    expect(await publishedVersion(table, 'job')).toBe(1);
    expect(await idsIn(table)).toEqual([1, 2]);
  });

  test('of another writer meanwhile: the second is refused and leaves nothing', async () => {
    const table = path.join(temporaryFolder(), 'table');
    await rows(1).write(table, { format: 'delta' });
    const late = await createDeltaSink(table, rows(2).schema, { ...of('job'), mode: 'append' });
    for await (const batch of rows(2).batches()) await late.write(batch);
    await rows(3).write(table, { ...of('job'), mode: 'append' });
    expect((await problemOf(late.publish())).message).toMatch(
      /^\[delta\] another writer committed as job meanwhile: version 1 of /,
    );
    expect(await idsIn(table)).toEqual([1, 3]);
    expect(fs.readdirSync(table).filter((name) => name.endsWith('.parquet'))).toHaveLength(2);
    expect(await publishedVersion(table, 'job')).toBe(1);
  });

  test('of a merge that changes nothing is committed all the same', async () => {
    const table = path.join(temporaryFolder(), 'table');
    await rows(1).write(table, { format: 'delta' });
    const same = rows(1);
    const how = { mode: 'merge', mergeKey: ['id'], mergeColumns: ['text'] } as const;
    expect((await same.write(table, { format: 'delta', ...how })).version).toBe(0);
    expect((await same.write(table, { ...of('job'), ...how })).version).toBe(1);
    expect(await publishedVersion(table, 'job')).toBe(1);
    expect(await idsIn(table)).toEqual([1]);
  });
});

describeDeltaRs('delta-rs', () => {
  const theirs = (table: string, ...apps: string[]) =>
    JSON.parse(
      runDelta(
        `print(json.dumps([DeltaTable(folder).transaction_version(app) for app in sys.argv[2:]]))`,
        table,
        ...apps,
      ),
    ) as unknown;

  test('reads the transactions and the rows', async () => {
    const table = await written();
    expect(theirs(table, 'made', 'appended', 'merged', 'overwritten', 'other')).toEqual([0, 7, 0, 0, null]);
    expect(runDelta(`print(sorted(DeltaTable(folder).to_pyarrow_table()['id'].to_pylist()))`, table)).toBe('[4, 5]');
  });

  test('writes checkpoints in which they are found, also without the commits', async () => {
    const table = await written();
    runDelta(`DeltaTable(folder).create_checkpoint()`, table);
    expect(await versions(table)).toEqual([0, 1, 3, 4, null]);
    const log = path.join(table, '_delta_log');
    for (const version of [0, 1, 2, 3, 4]) fs.rmSync(path.join(log, `0000000000000000000${version}.json`));
    expect(await versions(table)).toEqual([4, 4, 4, 4, null]);
    const again = await problemOf(rows(2).write(table, { ...of('appended', 7), mode: 'append' }));
    expect(again.message).toContain('has version 7 of the transaction appended already');
    expect((await rows(6).write(table, { ...of('appended', 8), mode: 'append' })).version).toBe(5);
    expect(await versions(table)).toEqual([4, 5, 4, 4, null]);
    expect(theirs(table, 'appended')).toEqual([8]);
    expect((await openDelta(table)).rows).toBe(3);
  });

  test('writes transactions of its own, which are found', async () => {
    const table = path.join(temporaryFolder(), 'table');
    await rows(1).write(table, { format: 'delta' });
    runDelta(
      `from deltalake import CommitProperties, Transaction
write_deltalake(folder, pa.table({'id': [2], 'text': ['x']}), mode='append',
    commit_properties=CommitProperties(app_transactions=[Transaction('theirs', 5)]))`,
      table,
    );
    expect(await publishedVersion(table, 'theirs')).toBe(1);
    const refused = await problemOf(rows(3).write(table, { ...of('theirs', 5), mode: 'append' }));
    expect(refused.message).toContain('has version 5 of the transaction theirs already');
  });
});
