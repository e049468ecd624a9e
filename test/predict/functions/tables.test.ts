import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../../scripts/seeded-checkpoint.js';
import { aiFunction } from '../../../src/predict/functions/aiFunction.js';
import { defineBatchFunction } from '../../../src/predict/user/defineBatchFunction.js';
import { readTable, tableFromRows } from '../../../src/table/open.js';
import type { Table } from '../../../src/table/table.js';
import { describePython, runPython } from '../../python.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-ai-tables-'));
process.env.PRECIS_HOME = path.join(scratch, 'home');
const folder = path.join(scratch, 'model');
const out = path.join(scratch, 'out.parquet');
const ROWS = [
  { id: 1, text: 'the council met' },
  { id: 2, text: null },
  { id: 3, text: 'apples and pears' },
  { id: 4, text: 'the council met' },
];
const closing: (() => Promise<void>)[] = [];
let table: Table;

beforeAll(async () => {
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny' });
  const options = { workers: 1, precision: 'fp32' } as const;
  const label = await aiFunction('classify', folder, { ...options, labels: ['news', 'fruit'] });
  const parts = await aiFunction('extract', folder, { ...options, fields: ['who'], numBeams: 1, maxNewTokens: 5 });
  const vector = await aiFunction('embed', folder, options);
  const length = defineBatchFunction((batch) => batch.column('text').map((text) => text && `${text}`.length), {
    workers: 1,
    resultType: 'int',
    name: 'length',
  });
  closing.push(label.close, parts.close, vector.close, length.close);
  table = tableFromRows(ROWS)
    .withColumn('label', label('text'))
    .withColumn('parts', parts('text'))
    .withColumn('vector', vector('text'))
    .withColumn('length', length('text'));
});
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('functions of every kind on one table', () => {
  it('add their columns, in order, null where there is no text', async () => {
    const rows = await table.collect();
    expect(rows.map(({ id, text, length }) => [id, text, length])).toEqual([
      [1, 'the council met', 15],
      [2, null, null],
      [3, 'apples and pears', 16],
      [4, 'the council met', 15],
    ]);
    expect(rows[1]).toMatchObject({ label: null, parts: null, vector: null });
    expect(rows[3]).toEqual({ ...rows[0], id: 4 });
    expect(['news', 'fruit']).toContain((rows[0].label as { label: string }).label);
    expect(table.addedColumns).toEqual(['label', 'parts', 'vector', 'length']);
  });

  it('are written, and read as they were', async () => {
    await table.write(out, { mode: 'overwrite' });
    const read = await (await readTable(out)).collect();
    expect(read).toEqual(await table.collect());
  });
});

describePython('what PyArrow reads', () => {
  it('is the same', async () => {
    await table.write(out, { mode: 'overwrite' });
    const code = `
import json, sys
import pyarrow.parquet as pq
print(json.dumps(pq.read_table(sys.argv[1]).to_pylist()))`;
    const read = JSON.parse(runPython(code, [out])) as Record<string, unknown>[];
    expect(read).toEqual(JSON.parse(JSON.stringify(await table.collect())));
  });
});
