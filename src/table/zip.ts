import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { batchOf, schemaWith, sliceBatch } from './columns.js';

/**
 * The columns of both: the same rows in the same order, cut differently. A column of the right that the left has too takes its place. At
 * most one batch of each side is held, and nothing is copied.
 */
export async function* zipBatches(
  left: AsyncIterable<RecordBatch>,
  right: AsyncIterable<RecordBatch>,
): AsyncGenerator<RecordBatch> {
  const [ours, theirs] = [new Remainder(left), new Remainder(right)];
  try {
    for (let row = 0; ; ) {
      const [a, b] = [await ours.next(), await theirs.next()];
      if (!a && !b) return;
      if (!a || !b)
        throw unequal(row, a ? 'the further columns end' : 'the table ends', a ? 'table' : 'further columns');
      const rows = Math.min(a.numRows, b.numRows);
      yield joined(ours.take(rows), theirs.take(rows));
      row += rows;
    }
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
  }
}

/** What is left of the batch that one side is at. */
class Remainder {
  private readonly batches: AsyncIterator<RecordBatch>;
  private batch: RecordBatch | null = null;

  constructor(batches: AsyncIterable<RecordBatch>) {
    this.batches = batches[Symbol.asyncIterator]();
  }

  /** Never an empty one; null at the end. */
  async next(): Promise<RecordBatch | null> {
    while (!this.batch || this.batch.numRows === 0) {
      const { value, done } = await this.batches.next();
      if (done) return null;
      this.batch = value;
    }
    return this.batch;
  }

  take(rows: number): RecordBatch {
    const batch = this.batch!;
    this.batch = sliceBatch(batch, rows, batch.numRows);
    return sliceBatch(batch, 0, rows);
  }

  async close(): Promise<void> {
    await this.batches.return?.();
  }
}

function joined(left: RecordBatch, right: RecordBatch): RecordBatch {
  let { schema } = left;
  const children = [...left.data.children];
  for (const [i, field] of right.schema.fields.entries()) {
    const at = schema.fields.findIndex(({ name }) => name === field.name);
    children[at < 0 ? children.length : at] = right.data.children[i];
    schema = schemaWith(schema, field);
  }
  return batchOf(schema, children, left.numRows);
}

function unequal(row: number, found: string, other: string): PrecisError {
  return new PrecisError('table', {
    found: `${found} after ${row} rows`,
    expected: `as many rows as the ${other} ${other === 'table' ? 'has' : 'have'}`,
  });
}
