import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { afterAll, expect, it } from 'vitest';
import { batchFromRows } from '../../src/table/fromRows.js';
import { readTable, tableFromBatches } from '../../src/table/open.js';
import type { Table } from '../../src/table/table.js';
import type { WriteOptions } from '../../src/table/types.js';
import { shouted } from '../contracts/tableFormat.js';
import { describePython, runPython } from '../python.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-metadata-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => path.join(folder, name);

/** What PyArrow finds in a file: the schema's metadata, and of Parquet the key-values of the footer, where other readers look. */
const READ = `import json, sys, pyarrow as pa, pyarrow.parquet as pq
name = sys.argv[1]
text = lambda found: {k.decode(): v.decode() for k, v in (found or {}).items() if k != b'ARROW:schema'}
if name.endswith('.parquet'):
    schema, pairs = pq.read_schema(name), pq.read_metadata(name).metadata
    assert text(pairs) == text(schema.metadata), (pairs, schema.metadata)
    rows = pq.read_table(name).num_rows
else:
    opened = pa.ipc.open_file(name) if name.endswith('.arrow') else pa.ipc.open_stream(name)
    schema, rows = opened.schema, opened.read_all().num_rows
print(json.dumps([text(schema.metadata), text(schema.field('text').metadata), rows]))`;
const found = (name: string) => JSON.parse(runPython(READ, [file(name)])) as unknown;

const COLUMN = new Map([['comment', 'what it says']]);
function table(metadata: Record<string, string>): Table {
  const schema = new Schema([new Field('text', new Utf8(), true, COLUMN)], new Map(Object.entries(metadata)));
  return tableFromBatches(schema, async function* () {
    // Batches of a pool know nothing of the table's metadata.
    yield batchFromRows([{ text: 'one' }, { text: null }], new Schema([new Field('text', new Utf8(), true)]));
  });
}
const LINEAGE = { 'precis.model': 'models:/a.b.c/3', 'precis.sources': '["ü.csv"]', empty: '' };

describePython('metadata of the table and its columns is in the file', () => {
  it.each(['t.parquet', 't.arrow', 't.arrows'])('%s', async (name) => {
    await table(LINEAGE).withColumn('loud', shouted).write(file(name));
    expect(found(name)).toEqual([LINEAGE, Object.fromEntries(COLUMN), 2]);
    // It comes back, and goes on into what is made of it.
    const again = await readTable(file(name));
    expect(Object.fromEntries(again.schema.metadata)).toMatchObject(LINEAGE);
    const next = name.replace('t.', 'next.');
    await again
      .select('text')
      .filter(() => true)
      .limit(1)
      .write(file(next));
    expect(found(next)).toEqual([LINEAGE, Object.fromEntries(COLUMN), 1]);
  });

  it.each<[string, WriteOptions, number]>([
    ['append', { mode: 'append' }, 4],
    ['merge', { mode: 'merge', mergeKey: ['text'], mergeColumns: ['loud'] }, 2],
  ])('%s: what precis says of the new rows joins what the file said', async (mode, options, rows) => {
    for (const name of [`${mode}.parquet`, `${mode}.arrow`]) {
      const distinct = { of: 'the file', 'precis.model': 'old' };
      await table(distinct).write(file(name));
      const added = mode === 'merge' ? table(LINEAGE).limit(1).withColumn('loud', shouted) : table(LINEAGE);
      await added.write(file(name), options);
      const { empty, ...lineage } = LINEAGE;
      expect(empty).toBe('');
      expect(found(name)).toEqual([{ of: 'the file', ...lineage }, Object.fromEntries(COLUMN), rows]);
    }
  });
});
