import type { RecordBatch } from 'apache-arrow';
import { concatBatches, sliceBatch } from './columns.js';

/** Rows of a batch, in rising order; neighbours are copied together, and a single run is not copied. */
export function takeRows(batch: RecordBatch, rows: readonly number[]): RecordBatch {
  const runs: RecordBatch[] = [];
  for (let i = 0; i < rows.length; ) {
    const start = i;
    while (i < rows.length && rows[i] - rows[start] === i - start) i++;
    runs.push(sliceBatch(batch, rows[start], rows[start] + i - start));
  }
  return joined(batch, runs);
}

/** The rows of which `keep` is 1; the others are dropped. */
export function dropRows(batch: RecordBatch, keep: Uint8Array): RecordBatch {
  const runs: RecordBatch[] = [];
  for (let row = 0; row < batch.numRows; ) {
    const start = row;
    while (row < batch.numRows && keep[row] === 1) row++;
    if (row > start) runs.push(sliceBatch(batch, start, row));
    else row++;
  }
  return joined(batch, runs);
}

function joined(batch: RecordBatch, runs: readonly RecordBatch[]): RecordBatch {
  if (runs.length === 0) return sliceBatch(batch, 0, 0);
  return runs.length === 1 ? runs[0] : concatBatches(runs);
}
