import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  Dictionary,
  Field,
  Int32,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import * as parquet from 'parquet-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArrowPipe } from '../../src/table/arrow/arrowSource.js';
import { batchOf, concatBatches } from '../../src/table/columns.js';
import { batchFromRows } from '../../src/table/fromRows.js';
import { readTable, tableFromBatches, tableFromRows } from '../../src/table/open.js';
import { rowsOf } from '../../src/table/record.js';
import type { Table } from '../../src/table/table.js';
import { describeOffsets } from '../contracts/rowOffsets.js';
import { shouted } from '../contracts/tableFormat.js';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'precis-offset-'));
const file = (name: string) => path.join(folder, name);
afterAll(() => fs.rmSync(folder, { recursive: true }));

const row = (id: number) => ({ id, text: id % 4 === 3 ? null : `text "${id}",\nof ${id}`, kind: 'abc'[id % 3] });
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => row(from + i));
/** In batches of 100 and a rest of 50. */
const batches = [0, 100, 200, 300].map((from) => batchFromRows(rows(from, Math.min(from + 100, 350))));
const ENDS = [100, 200, 300, 350];

function ipc(kind: 'file' | 'stream', of = batches): Uint8Array {
  const writer = kind === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  for (const batch of of) writer.write(concatBatches([batch]));
  writer.finish();
  return writer.toUint8Array(true);
}

beforeAll(async () => {
  const groups = new parquet.WriterPropertiesBuilder().setMaxRowGroupSize(100).build();
  const all = parquet.Table.fromIPCStream(ipc('stream', [concatBatches(batches)]));
  fs.writeFileSync(file('t.parquet'), parquet.writeParquet(all, groups));
  fs.writeFileSync(file('t.arrow'), ipc('file'));
  fs.writeFileSync(file('t.arrows'), ipc('stream'));
  for (const name of ['t.csv', 't.jsonl']) await tableFromRows(rows(0, 350)).write(file(name));
  // What looks like rows and is none.
  fs.writeFileSync(file('t.csv'), fs.readFileSync(file('t.csv'), 'utf8').replace(/\n5,/, '\n\n5,'));
  for (const kind of ['csv', 'parquet']) {
    fs.mkdirSync(file(kind));
    const cuts = [0, 100, 100, 130, 350];
    for (let i = 0; i + 1 < cuts.length; i++) {
      const part = tableFromRows(rows(cuts[i], cuts[i + 1]), batches[0].schema);
      await part.write(path.join(file(kind), `${i}.${kind}`));
    }
  }
  for (const from of [0, 100, 200]) {
    await tableFromRows(rows(from, from + 100)).write(file('delta'), {
      format: 'delta',
      mode: from === 0 ? 'error' : 'append',
    });
  }
  fs.cpSync(file('delta'), file('uncounted'), { recursive: true });
  const commit = path.join(file('uncounted'), '_delta_log', '00000000000000000001.json');
  fs.writeFileSync(commit, fs.readFileSync(commit, 'utf8').replace('numRecords', 'records'));
  fs.mkdirSync(file('texts'));
  for (const { id, text } of rows(10, 30)) fs.writeFileSync(path.join(file('texts'), `${id}.txt`), text ?? '');
});

for (const name of ['t.parquet', 't.arrow', 't.arrows', 't.csv', 't.jsonl']) {
  describeOffsets({ name, open: () => readTable(file(name)), ends: ENDS });
}
describeOffsets({ name: 'files of CSV, one of them empty', open: () => readTable(file('csv')), ends: [100, 130, 350] });
describeOffsets({ name: 'files of Parquet', open: () => readTable(file('parquet')), ends: [100, 130, 350] });
describeOffsets({ name: 'a Delta table', open: () => readTable(file('delta')), ends: [100, 200, 300] });
describeOffsets({ name: 'a Delta table without counts', open: () => readTable(file('uncounted')), ends: [100, 300] });
describeOffsets({ name: 'a folder of texts', open: () => readTable(file('texts')), ends: [10, 20] });
describeOffsets({
  name: 'a pipe',
  open: () => openArrowPipe(Readable.from([Buffer.from(ipc('stream'))]), 'the pipe'),
  ends: ENDS,
});

const made = tableFromBatches(batches[0].schema, async function* () {
  yield* batches;
});
const derived: readonly (readonly [string, () => Table | Promise<Table>, readonly number[]])[] = [
  ['memory', () => made, ENDS],
  ['select', async () => (await readTable(file('t.parquet'))).select('id', 'kind'), ENDS],
  ['filter', async () => (await readTable(file('t.parquet'))).filter(({ id }) => (id as number) % 2 === 0), [50, 175]],
  ['limit', async () => (await readTable(file('t.parquet'))).limit(120), [100, 120]],
  ['withColumn', async () => (await readTable(file('t.arrow'))).withColumn('loud', shouted), ENDS],
  ['sample', async () => (await readTable(file('t.parquet'))).sample(90, 3), [30, 90]],
  [
    'limit of a sample of a filter',
    () =>
      made
        .filter(({ id }) => (id as number) > 9)
        .sample(200)
        .limit(150),
    [150],
  ],
];
for (const [name, open, ends] of derived) describeOffsets({ name, open: async () => open(), ends });

describe('what stands before an offset is not read', () => {
  const idsFrom = async (location: string, offset: number) => {
    const ids: unknown[] = [];
    for await (const batch of (await readTable(location)).batches({ offset, columns: ['id'] })) {
      ids.push(...(batch.getChildAt(0)!.toArray() as BigInt64Array));
    }
    return ids.map(Number);
  };
  const from = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

  it('row groups of Parquet', async () => {
    const bytes = fs.readFileSync(file('t.parquet'));
    bytes.fill(0xff, 4, 400);
    fs.writeFileSync(file('damaged.parquet'), bytes);
    await expect(idsFrom(file('damaged.parquet'), 99)).rejects.toThrow('row group 1 of');
    expect(await idsFrom(file('damaged.parquet'), 100)).toEqual(from(100, 350));
  });

  it('record batches of Arrow', async () => {
    const at = Buffer.from('text "1",');
    for (const [name, kind] of [
      ['damaged.arrow', 'file'],
      ['damaged.arrows', 'stream'],
    ] as const) {
      const bytes = Buffer.from(ipc(kind));
      // The offsets of the texts of the first batch, which stand before the texts: they go back now.
      bytes.fill(0x7f, bytes.indexOf(at) - 40, bytes.indexOf(at) - 20);
      fs.writeFileSync(file(name), bytes);
      await expect(idsFrom(file(name), 99)).rejects.toThrow('record batch 1: found');
      expect(await idsFrom(file(name), 100)).toEqual(from(100, 350));
    }
  });

  it('files of a Delta table', async () => {
    fs.cpSync(file('delta'), file('lost'), { recursive: true });
    const [first] = await (await readTable(file('lost'))).parts();
    fs.rmSync(first.file);
    await expect(idsFrom(file('lost'), 99)).rejects.toThrow('is missing');
    expect(await idsFrom(file('lost'), 100)).toEqual(from(100, 300));
  });
});

it.each(['coded.arrow', 'coded.arrows'])('%s: dictionaries that came before the offset are known', async (name) => {
  const type = new Dictionary(new Utf8(), new Int32(), 7);
  const schema = new Schema([new Field('word', type, true)]);
  const coded = batches.map((batch, i) => {
    const words = Array.from({ length: batch.numRows }, (_, at) => `word ${at % (i + 2)} of ${i % 2}`);
    return batchOf(schema, [vectorFromArray(words, type).data[0]], words.length);
  });
  await tableFromBatches(schema, async function* () {
    yield* coded;
  }).write(file(name));
  const all = await (await readTable(file(name))).collect();
  expect(all[205]).toEqual({ word: 'word 1 of 0' });
  const behind: unknown[] = [];
  for await (const batch of (await readTable(file(name))).batches({ offset: 205 })) {
    for (const found of rowsOf(batch)) behind.push({ ...found });
  }
  expect(behind).toEqual(all.slice(205));
});

describe('parts', () => {
  const shown = async (table: Table) =>
    (await table.parts()).map(({ file, rows }) => [path.relative(fs.realpathSync(folder), file), rows]);

  it('are the files in the order of reading, with their rows', async () => {
    const csv = await readTable(file('csv'));
    expect(await shown(csv)).toEqual([
      ['csv/0.csv', 100],
      ['csv/1.csv', 0],
      ['csv/2.csv', 30],
      ['csv/3.csv', 220],
    ]);
    expect(await shown(csv.select('text').limit(110).withColumn('loud', shouted))).toEqual([
      ['csv/0.csv', 100],
      ['csv/1.csv', 0],
      ['csv/2.csv', 10],
    ]);
    expect(await shown(await readTable(file('t.arrows')))).toEqual([['t.arrows', 350]]);
    expect((await shown(await readTable(file('delta')))).map(([, rows]) => rows)).toEqual([100, 100, 100]);
    expect((await shown(await readTable(file('texts')))).slice(0, 2)).toEqual([
      ['texts/10.txt', 1],
      ['texts/11.txt', 1],
    ]);
  });

  it('are none where rows are of no file, or not all of a file are there', async () => {
    for (const table of [made, made.limit(3), (await readTable(file('t.csv'))).filter(() => true)]) {
      expect(await table.parts()).toEqual([]);
    }
    expect(await (await readTable(file('t.csv'))).sample(3).parts()).toEqual([]);
  });
});
