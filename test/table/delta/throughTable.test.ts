import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readTable, tableFromRows } from '../../../src/table/open.js';
import { problemOf, temporaryFolder } from './support.js';

const NAME = 'main.default.m41_prod_data';

beforeEach(() => {
  vi.stubEnv('PRECIS_HOME', temporaryFolder());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const rows = [
  { id: 1, document: 'one', summary: 'short one' },
  { id: 2, document: 'two', summary: null },
];

test('saved under a name, read, appended to, and read as it was', async () => {
  expect(await tableFromRows(rows).saveAsTable(NAME)).toEqual({ target: NAME, rows: 2, version: 0 });
  const more = tableFromRows([{ id: 3, document: 'three', summary: 'short three' }]);
  expect(await more.write('Main.Default.M41_prod_data', { mode: 'append' })).toMatchObject({ rows: 1, version: 1 });
  const table = await readTable(NAME);
  expect([table.label, table.rows, await table.count()]).toEqual([NAME, 3, 3]);
  expect((await (await readTable(NAME, { version: 0 })).select('summary').collect()).map((row) => row.summary)).toEqual(
    ['short one', null],
  );
  expect((await problemOf(more.saveAsTable(NAME))).message).toMatch(
    /^\[output\] .* exists, expected a table that is not there/,
  );
  expect((await problemOf(table.write(NAME, { mode: 'overwrite' }))).message).toContain(NAME);
});

test('filled in where it was read: the rows that lacked a summary, by their key', async () => {
  await tableFromRows(rows).saveAsTable(NAME);
  const table = await readTable(NAME);
  const missing = table.filter((row) => row.summary === null);
  const filled = tableFromRows(
    (await missing.collect()).map((row) => ({ id: row.id, summary: `short ${row.document}` })),
  );
  const how = { mode: 'merge', mergeKey: ['id'], mergeColumns: ['summary'] } as const;
  expect(await filled.write(NAME, how)).toEqual({ target: NAME, rows: 1, version: 1 });
  expect((await (await readTable(NAME)).collect()).map((row) => row.summary)).toEqual(['short one', 'short two']);
});

test('none of its data files is written over by what is read from it', async () => {
  const folder = temporaryFolder();
  await tableFromRows(rows).write(folder, { format: 'delta' });
  const table = await readTable(folder);
  const data = fs.readdirSync(folder).find((name) => name.endsWith('.parquet'))!;
  const problem = await problemOf(table.write(path.join(folder, data), { mode: 'overwrite' }));
  expect(problem.message).toMatch(/^\[output\] .* is an input of this very table/);
  expect(await table.collect()).toEqual(rows);
});

test('a name that is not there', async () => {
  await tableFromRows(rows).saveAsTable(NAME);
  expect((await problemOf(readTable('main.default.m41_prod'))).message).toMatch(
    /did you mean main.default.m41_prod_data\?$/,
  );
});
