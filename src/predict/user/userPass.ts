import { RecordBatch, Schema, Vector } from 'apache-arrow';
import { partitions } from '../../pool/partition.js';
import type { MapOptions } from '../../pool/types.js';
import { selectColumns } from '../../table/columns.js';
import type { ComputedColumn } from '../../table/types.js';
import type { LazyPool } from '../texts/lazyPool.js';
import { FIRST_ROW } from './userFunction.js';

export interface UserPass {
  readonly columns: readonly string[];
  /** The most of a partition. */
  readonly rows: number;
  readonly pool: LazyPool;
  readonly signal?: AbortSignal;
  readonly onGivenUp?: MapOptions['onGivenUp'];
}

/** The pool answers in order, so a partition's other columns wait for it here. How many wait is bounded by the pool's read-ahead. */
export async function* userPass(
  batches: AsyncIterable<RecordBatch>,
  { columns, rows, pool, signal, onGivenUp }: UserPass,
): AsyncIterable<ComputedColumn> {
  const waiting: RecordBatch[] = [];
  const opened = await pool.open();
  for await (const answer of opened.map(sent(), { signal, onGivenUp })) {
    const batch = waiting.shift() as RecordBatch;
    yield { batch, column: new Vector([answer.batch.data.children[0]]) };
  }

  async function* sent(): AsyncGenerator<RecordBatch> {
    let row = 0;
    for await (const batch of partitions(batches, { rows })) {
      waiting.push(batch);
      yield numbered(selectColumns(batch, columns), row);
      row += batch.numRows;
    }
  }
}

function numbered(batch: RecordBatch, firstRow: number): RecordBatch {
  const metadata = new Map([...batch.schema.metadata, [FIRST_ROW, String(firstRow)]]);
  return new RecordBatch(new Schema(batch.schema.fields, metadata), batch.data);
}
