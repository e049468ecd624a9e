import { type Data, DataType, type RecordBatch, type Vector } from 'apache-arrow';
import { concatBatches, requireText, sliceBatch } from '../table/columns.js';

export interface PartitionSize {
  /** No partition has more rows. */
  readonly rows: number;
  /**
   * No partition has more bytes of text in `column`, unless a single row does. A bound in tokens is meant: nothing is tokenized here, a token is taken
   * for four bytes.
   */
  readonly bytes?: number;
  readonly column?: string;
}

/** Cuts large batches and joins small ones, in order. What lies within one batch is not copied. */
export async function* partitions(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
  { rows, bytes = Number.POSITIVE_INFINITY, column }: PartitionSize,
): AsyncGenerator<RecordBatch, void, undefined> {
  let parts: RecordBatch[] = [];
  let rowsLeft = rows;
  let bytesLeft = bytes;
  const taken = () => {
    const partition = parts.length === 1 ? parts[0] : concatBatches(parts);
    parts = [];
    rowsLeft = rows;
    bytesLeft = bytes;
    return partition;
  };

  for await (const batch of batches) {
    const bytesBefore = column === undefined ? () => 0 : textBytes(batch, column);
    for (let start = 0; start < batch.numRows; ) {
      const last = Math.min(start + rowsLeft, batch.numRows);
      let end = lastWithin(bytesBefore, start, last, bytesLeft);
      if (end === start && parts.length === 0) end++;
      if (end > start) parts.push(sliceBatch(batch, start, end));
      rowsLeft -= end - start;
      bytesLeft -= bytesBefore(end) - bytesBefore(start);
      start = end;
      if (rowsLeft === 0 || bytesLeft <= 0 || end < batch.numRows) yield taken();
    }
  }
  if (parts.length > 0) yield taken();
}

/** The largest end up to `last` whose rows from `start` have no more than `most` bytes. */
function lastWithin(bytesBefore: (row: number) => number, start: number, last: number, most: number): number {
  const limit = bytesBefore(start) + most;
  let low = start;
  let high = last;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bytesBefore(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The bytes of a column's texts in the rows before one. */
function textBytes(batch: RecordBatch, column: string): (row: number) => number {
  requireText(batch.schema, column, 'the table');
  const data = (batch.getChild(column) as Vector).data[0];
  if (DataType.isNull(data.type)) return () => 0;
  if (!DataType.isDictionary(data.type)) return (row) => Number(data.valueOffsets[row]);
  const lengths = data.dictionary!.data.flatMap(textLengths);
  const sums = new Float64Array(data.length + 1);
  for (let row = 0; row < data.length; row++) {
    sums[row + 1] = sums[row] + (data.getValid(row) ? lengths[data.values[row]] : 0);
  }
  return (row) => sums[row];
}

function textLengths({ length, valueOffsets }: Data): number[] {
  return Array.from({ length }, (_, i) => Number(valueOffsets[i + 1]) - Number(valueOffsets[i]));
}
