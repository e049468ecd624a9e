import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { batchUdf, col, concat, lit, readTable, type Table, tableFromRows, type UdfOptions } from '../../src/index.js';
import { describePython, runPython } from '../python.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-udf-table-'));
const folder = path.join(scratch, 'model');
process.env.PRECIS_HOME = path.join(scratch, 'home');
const GENERATION = { numBeams: 2, minNewTokens: 2, maxNewTokens: 8, workers: 2 };

const ROWS = [
  { id: 1, title: 'water', body: 'people make water from time' },
  { id: 2, title: null, body: 'light goes over small water' },
  { id: 3, title: 'light', body: null },
  { id: 4, title: 'water', body: 'people make water from time' },
  { id: 5, title: '', body: '' },
];

beforeAll(() => writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny' }));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('columns of a table', () => {
  it('several functions, one twice, and one over the column of another', async () => {
    await using first = await batchUdf('builtin:echo', { maxNewTokens: 1, workers: 1 });
    await using second = await batchUdf('builtin:echo', { maxNewTokens: 2, workers: 1 });
    const table = tableFromRows(ROWS)
      .withColumn('one', first('body'))
      .withColumn('both', first(concat(col('title'), lit('-'), col('body'))))
      .withColumn('two', second('body'))
      .withColumn('again', first('two'))
      .select('id', 'one', 'both', 'two', 'again');
    expect(await table.collect()).toEqual([
      { id: 1, one: 'people', both: 'water-people', two: 'people make', again: 'people' },
      { id: 2, one: 'light', both: null, two: 'light goes', again: 'light' },
      { id: 3, one: null, both: null, two: null, again: null },
      { id: 4, one: 'people', both: 'water-people', two: 'people make', again: 'people' },
      { id: 5, one: '', both: '-', two: '', again: '' },
    ]);
    expect(first.stats).toMatchObject({ rows: 15, nulls: 4, duplicates: 3 });
    expect(second.stats).toMatchObject({ rows: 5, nulls: 1, duplicates: 1 });
  });

  it('only what is needed is computed', async () => {
    await using echo = await batchUdf('builtin:echo', { workers: 1 });
    const table = tableFromRows(ROWS).withColumn('new', echo('body'));
    expect(await table.select('id').collect()).toEqual(ROWS.map(({ id }) => ({ id })));
    expect(echo.stats.rows).toBe(0);
    expect((await table.limit(2).collect()).map((row) => row.new)).toEqual([ROWS[0].body, ROWS[1].body]);
  });

  it('an empty table keeps its schema and gets the column', async () => {
    await using echo = await batchUdf('builtin:echo', { workers: 1 });
    const empty = tableFromRows([], tableFromRows(ROWS).schema).withColumn('new', echo('body'));
    const target = path.join(scratch, 'empty.parquet');
    expect(await empty.write(target)).toMatchObject({ rows: 0 });
    expect((await readTable(target)).schema.names).toEqual(['id', 'title', 'body', 'new']);
  });

  it('a column that is missing is refused at once, with the nearest', async () => {
    await using echo = await batchUdf('builtin:echo');
    expect(() => tableFromRows(ROWS).withColumn('new', echo('boddy'))).toThrow('did you mean body?');
    expect(() => tableFromRows(ROWS).withColumn('new', echo('id'))).toThrow('columns of text here: title, body');
  });

  it('a row that fails leaves nothing behind', async () => {
    const options = { ...GENERATION, maxInputTokens: 4, longDocuments: 'error' } as const;
    await using udf = await batchUdf(folder, options);
    const dir = mkdtempSync(path.join(scratch, 'never-'));
    const writing = tableFromRows(ROWS).withColumn('new', udf('body')).write(path.join(dir, 'out.parquet'));
    await expect(writing).rejects.toThrow(/^\[\w+\] row 1: /);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('one table, however it is computed', () => {
  const table = () => tableFromRows(Array.from({ length: 12 }, (_, i) => ({ ...ROWS[i % 5], id: i })));

  it('is the same', async () => {
    const tables: Record<string, unknown>[][] = [];
    const settings: UdfOptions[] = [
      { workers: 1 },
      { workers: 2, partitionRows: 2, dedupe: false },
      { workers: 2, partitionRows: 1, isolation: 'process' },
    ];
    for (const setting of settings) {
      await using udf = await batchUdf(folder, { ...GENERATION, ...setting });
      tables.push(await table().withColumn('new', udf('body')).collect());
      if (setting.isolation === 'process') expect(udf.stats.hostPeakBytes).toBeGreaterThan(1 << 20);
    }
    expect(new Set(tables[0].map((row) => row.new)).size).toBeGreaterThan(2);
    expect(tables[1]).toEqual(tables[0]);
    expect(tables[2]).toEqual(tables[0]);
  });
});

describe('a script', () => {
  it.each(['thread', 'process'])('of three lines ends by itself (%s)', (isolation) => {
    const index = new URL('../../dist/src/index.js', import.meta.url).href;
    const target = path.join(scratch, `script-${isolation}.parquet`);
    const script = `
      import { batchUdf, tableFromRows } from ${JSON.stringify(index)};
      const summarize = await batchUdf(${JSON.stringify(folder)}, { numBeams: 1, maxNewTokens: 4, isolation: '${isolation}' });
      const out = tableFromRows([{ document: 'people make water' }]).withColumn('generated_summary', summarize('document'));
      console.log(JSON.stringify(await out.write(${JSON.stringify(target)})));`;
    const args = ['--input-type=module', '-e', script];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ rows: 1 });
  });
});

describePython('read by PyArrow', () => {
  const shown = (file: string) =>
    JSON.parse(
      runPython(
        `import sys, json, pyarrow.parquet as pq
t = pq.read_table(sys.argv[1])
print(json.dumps({"type": str(t.schema.field("new").type), "values": t["new"].to_pylist()}))`,
        [file],
      ),
    );

  async function written(table: Table, name: string): Promise<string> {
    const target = path.join(scratch, `${name}.parquet`);
    await table.write(target);
    return target;
  }

  it.each<[string, UdfOptions, string]>([
    ['string', {}, 'string'],
    ['string[]', { numReturnSequences: 2 }, 'list<item: string not null>'],
    ['double[]', {}, 'list<item: double not null>'],
    [
      'struct',
      { onError: 'struct', longDocuments: 'error', maxInputTokens: 12 },
      'struct<summary: string, input_tokens: int32, output_tokens: int32, truncated: bool, finish_reason: string, ' +
        'score: double, chunks: int32, error: struct<code: string not null, message: string not null>>',
    ],
  ])('%s is what it is here', async (resultType, options, type) => {
    await using udf = await batchUdf(folder, { ...GENERATION, ...options, resultType } as UdfOptions);
    const table = tableFromRows(ROWS).withColumn('new', udf('body'));
    const here = (await table.collect()).map((row) => row.new);
    const there = shown(await written(table, resultType.replace('[]', 's')));
    expect(there.type).toBe(type);
    expect(there.values).toEqual(JSON.parse(JSON.stringify(here)));
    expect(there.values[2]).toBeNull();
    expect(there.values[3]).toEqual(there.values[0]);
  });
});
