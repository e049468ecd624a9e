import fs from 'node:fs';
import path from 'node:path';
import { Int32 } from 'apache-arrow';
import { expect, onTestFinished, test } from 'vitest';
import { createDeltaSink } from '../../../src/table/delta/sink.js';
import { batchWith, writeDelta } from './rows.js';
import { temporaryFolder } from './support.js';

const batch = batchWith({ id: [new Int32(), [1, 2]] });

function workIn(folder: string): void {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
}

test.each(['d', 'a/b', './c'])('a new table at the relative path %s', async (table) => {
  const root = temporaryFolder();
  workIn(root);
  expect(await writeDelta(table, [batch])).toEqual({ target: table, rows: 2, version: 0 });
  expect(fs.readdirSync(path.join(root, table))).toContain('_delta_log');
});

test.each(['d', 'a/b', './c'])('nothing is left at the relative path %s of what is given up', async (table) => {
  const root = temporaryFolder();
  workIn(root);
  const sink = await createDeltaSink(table, batch.schema);
  await sink.write(batch);
  expect(fs.readdirSync(root)).toHaveLength(1);
  await sink.abort();
  expect(fs.readdirSync(root)).toEqual([]);
});
