import fs from 'node:fs';
import path from 'node:path';
import { Int32 } from 'apache-arrow';
import { expect, test } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { batchWith, writeDelta } from './rows.js';
import { problemOf, rowsOf, temporaryFolder } from './support.js';

const LOG = '_delta_log/0000000000000000000';

/** Four versions with one row each. */
async function madeTable(): Promise<string> {
  const table = path.join(temporaryFolder(), 'table');
  for (let id = 0; id < 4; id++) await writeDelta(table, [batchWith({ id: [new Int32(), [id]] })], { mode: 'append' });
  return table;
}

test.for<[name: string, breakIt: (table: string) => void, message: RegExp]>([
  [
    'a line that is no JSON',
    (table) => fs.appendFileSync(`${table}/${LOG}2.json`, '{"add":{"path"'),
    /^\[delta\] line 3 of .*02\.json is not JSON, expected one action a line; restore the file/,
  ],
  [
    'an action without what it needs',
    (table) => fs.appendFileSync(`${table}/${LOG}2.json`, '{"add":{"path":"x"}}'),
    /^\[delta\] line 3 of .*02\.json: add.partitionValues is missing or of the wrong kind, expected an action/,
  ],
  [
    'a line that is no object',
    (table) => fs.appendFileSync(`${table}/${LOG}2.json`, '[]'),
    /^\[delta\] line 3 of .*02\.json: it is no object/,
  ],
  [
    'a commit that is missing',
    (table) => fs.rmSync(`${table}/${LOG}2.json`),
    /^\[delta\] 0{19}2\.json is missing in .*_delta_log, expected all commits up to version 3; restore that file/,
  ],
  [
    'the first commit is missing',
    (table) => fs.rmSync(`${table}/${LOG}0.json`),
    /^\[delta\] 0{20}\.json is missing in .*_delta_log/,
  ],
  [
    'a log without commits',
    (table) => {
      fs.rmSync(`${table}/_delta_log`, { recursive: true });
      fs.mkdirSync(`${table}/_delta_log`);
    },
    /^\[delta\] .*_delta_log holds no commit, expected at least 0{20}\.json/,
  ],
  [
    'a log without metadata',
    (table) => {
      for (let version = 1; version < 4; version++) fs.rmSync(`${table}/${LOG}${version}.json`);
      fs.writeFileSync(`${table}/${LOG}0.json`, '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}\n');
    },
    /^\[delta\] the log of .*table up to version 0 has no metaData action/,
  ],
  [
    'a checkpoint that is no Parquet file',
    (table) => fs.writeFileSync(`${table}/${LOG}3.checkpoint.parquet`, 'PAR1'),
    /^\[delta\] the checkpoint .*03\.checkpoint\.parquet cannot be read/,
  ],
  [
    'a checkpoint with a part missing does not count',
    (table) => {
      fs.writeFileSync(`${table}/${LOG}3.checkpoint.0000000001.0000000002.parquet`, 'x');
      fs.rmSync(`${table}/${LOG}1.json`);
    },
    /^\[delta\] 0{19}1\.json is missing/,
  ],
  [
    'no table at all',
    (table) => fs.rmSync(`${table}/_delta_log`, { recursive: true }),
    /^\[delta\] .*table has no folder _delta_log, expected a Delta table$/,
  ],
  [
    'a schema that is no JSON',
    (table) => {
      const file = `${table}/${LOG}0.json`;
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"schemaString":"[^}]*/, '"schemaString":"{'));
    },
    /^\[delta\] /,
  ],
  [
    'a type that Delta does not have',
    (table) => {
      const file = `${table}/${LOG}0.json`;
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('integer', 'interval'));
    },
    /^\[delta\] column id of .*table is of the type interval, expected one of string, long,/,
  ],
])('%s', async ([, breakIt, message]) => {
  const table = await madeTable();
  breakIt(table);
  expect((await problemOf(openDelta(table))).message).toMatch(message);
});

async function firstDataFile(table: string): Promise<string> {
  const first = JSON.parse(fs.readFileSync(`${table}/${LOG}0.json`, 'utf8').trim().split('\n').at(-1)!);
  return path.join(table, first.add.path);
}

test('a data file that is missing, broken, or of another type', async () => {
  const table = await madeTable();
  const file = await firstDataFile(table);
  const bytes = fs.readFileSync(file);
  fs.rmSync(file);
  const missing = await problemOf(openDelta(table).then((source) => rowsOf(source)));
  expect(missing.message).toMatch(
    /^\[delta\] the data file .*part-00000-.*\.parquet of .*table is missing, expected all files/,
  );
  // Versions that do not need it, and the number of rows, are there all the same.
  expect((await openDelta(table)).rows).toBe(4);

  fs.writeFileSync(file, bytes.subarray(0, bytes.length / 2));
  const broken = await problemOf(openDelta(table).then((source) => rowsOf(source)));
  expect(broken.message).toContain(file);

  fs.writeFileSync(file, bytes);
  const log = `${table}/${LOG}0.json`;
  fs.writeFileSync(log, fs.readFileSync(log, 'utf8').replace('integer', 'date'));
  const other = await problemOf(openDelta(table).then((source) => rowsOf(source)));
  expect(other.message).toMatch(
    /^\[delta\] column id of .*\.parquet is of type Int32, expected Date32<DAY>, as the table's schema/,
  );
});

test('paths that lead elsewhere', async () => {
  const table = await madeTable();
  const log = `${table}/${LOG}0.json`;
  const text = fs.readFileSync(log, 'utf8');
  const file = await firstDataFile(table);
  const moved = path.join(temporaryFolder(), 'moved ü.parquet');
  fs.renameSync(file, moved);
  fs.writeFileSync(log, text.replace(path.basename(file), `file://${encodeURI(moved)}`));
  expect(await rowsOf(await openDelta(table), { limit: 1 })).toEqual([{ id: 0 }]);
  fs.writeFileSync(log, text.replace(path.basename(file), 's3://bucket/x.parquet'));
  const problem = await problemOf(openDelta(table).then((source) => rowsOf(source)));
  expect(problem.message).toMatch(
    /names the file s3:\/\/bucket\/x.parquet, expected a file on this machine; copy the table/,
  );
});

test('lines that say nothing about rows, and actions from later versions of the protocol, are passed over', async () => {
  const table = await madeTable();
  fs.appendFileSync(
    `${table}/${LOG}3.json`,
    '\n{"txn":{"appId":"a","version":1}}\n{"cdc":{"path":"x"}}\n{"domainMetadata":{"domain":"d"}}\n{"later":7}\n',
  );
  expect(await rowsOf(await openDelta(table))).toEqual([0, 1, 2, 3].map((id) => ({ id })));
});
