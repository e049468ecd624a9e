import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listTables, requireTable, warehousePath } from '../../src/table/warehouse.js';
import { problemOf, temporaryFolder } from './delta/support.js';

let home: string;
beforeEach(() => {
  home = temporaryFolder();
  vi.stubEnv('PRECIS_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function makeTable(name: string): void {
  fs.mkdirSync(path.join(warehousePath(name)!, '_delta_log'), { recursive: true });
}

describe('what is a table of the warehouse', () => {
  test.for([
    ['main.default.m41_prod_data', 'main/default/m41_prod_data'],
    ['Main.Default.M41', 'main/default/m41'],
    ['1.2.3', '1/2/3'],
    ['main.default', null],
    ['a.b.c.d', null],
    ['main..x', null],
    ['../../x', null],
    ['main.default.../x', null],
    ['./main.default.x', null],
    ['main.default.a-b', null],
    ['main.default.über', null],
    ['monthly.report.csv', null],
    ['out.v2.parquet', null],
    ['', null],
  ] as const)('%s', ([name, folder]) => {
    expect(warehousePath(name)).toBe(folder === null ? null : path.join(home, 'warehouse', folder));
  });
});

test('lists what is there, and nothing that only looks like it', () => {
  expect(listTables()).toEqual([]);
  for (const name of ['main.b.z', 'main.a.y', 'Dev.a.x']) makeTable(name);
  fs.mkdirSync(path.join(home, 'warehouse/main/a/no_table'));
  fs.writeFileSync(path.join(home, 'warehouse/main/a/file'), '');
  expect(listTables()).toEqual(['dev.a.x', 'main.a.y', 'main.b.z']);
  expect(requireTable('MAIN.a.Y')).toBe(path.join(home, 'warehouse/main/a/y'));
});

test('a table that is missing: the nearest is named', async () => {
  const missing = (name: string) => problemOf((async () => requireTable(name))());
  expect((await missing('main.default.sales')).message).toMatch(
    /^\[table\] there is no table main.default.sales in .*, expected a table that was saved before: there is none yet$/,
  );
  makeTable('main.default.sales');
  expect((await missing('main.default.sale')).message).toMatch(
    /expected one of main.default.sales; did you mean main.default.sales\?$/,
  );
});
