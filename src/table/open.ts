import type { RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { memorySource } from './derive.js';
import { batchFromRows } from './fromRows.js';
import { isSameType } from './output/appendSink.js';
import { checkReadOptions } from './output/writeOptions.js';
import { openSource } from './sources.js';
import { Table } from './table.js';
import type { ReadOptions } from './types.js';

export { openSink } from './sinks.js';

/**
 * Opens a table: a file by its extension, a folder of files of one kind or of texts, a pattern such as `part-*.parquet`, a Delta
 * table's folder or name, or `-`, an Arrow stream on standard input. Rows are read when they are asked for.
 */
export async function readTable(location: string, options: ReadOptions = {}): Promise<Table> {
  checkReadOptions(options);
  return new Table(await openSource(location, options));
}

/** Objects as a table; the types follow from the values where no schema is given. */
export function tableFromRows(rows: readonly Readonly<Record<string, unknown>>[], schema?: Schema): Table {
  const batch = batchFromRows(rows, schema);
  return new Table(memorySource('the rows', batch.schema, () => (rows.length > 0 ? [batch] : []), rows.length));
}

/** Batches from elsewhere as a table. The function is called once a pass. */
export function tableFromBatches(schema: Schema, batches: () => AsyncIterable<RecordBatch>): Table {
  async function* checked(): AsyncGenerator<RecordBatch> {
    for await (const batch of batches()) {
      checkColumns(batch.schema, schema);
      yield batch;
    }
  }
  return new Table(memorySource('the batches', schema, checked));
}

/** Columns are found by their place: one of another name or type there would be read as what it is not. */
function checkColumns(found: Schema, expected: Schema): void {
  if (found === expected) return;
  const [ours, theirs] = [expected.fields, found.fields];
  if (ours.length === theirs.length) {
    const isSame = ours.every(({ name, type }, i) => name === theirs[i].name && isSameType(type, theirs[i].type));
    if (isSame) return;
  }
  const shown = (fields: Schema['fields']) => fields.map(({ name, type }) => `${name} ${type}`).join(', ');
  throw new PrecisError('table', {
    found: `a batch with the columns ${shown(theirs)}`,
    expected: `those of the schema in its order: ${shown(ours)}`,
  });
}
