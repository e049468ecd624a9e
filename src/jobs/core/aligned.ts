import type { Data, RecordBatch, Struct } from 'apache-arrow';
import { sliceBatch } from '../../table/columns.js';
import type { PartitionDone } from './journalRecords.js';
import { readSegment, type Segment } from './segments.js';

/** Rows of the source beside what became of them. */
export interface AlignedRows {
  readonly batch: RecordBatch;
  readonly segment: Segment;
  /** Of the source, from 0. */
  readonly firstRow: number;
  readonly done: PartitionDone;
}

/** The source's rows with their segments', cut where either ends. One segment is in memory at a time. */
export async function* aligned(
  source: AsyncIterable<RecordBatch>,
  partitions: readonly PartitionDone[],
  folder: string,
): AsyncGenerator<AlignedRows> {
  let next = 0;
  let done: PartitionDone | null = null;
  let segment: Segment | null = null;
  let taken = 0;
  for await (const batch of source) {
    for (let at = 0; at < batch.numRows; ) {
      if (done === null || taken === done.rows) {
        if (next === partitions.length) return;
        done = partitions[next++];
        segment = readSegment(folder, done);
        taken = 0;
      }
      const count = Math.min(batch.numRows - at, done.rows - taken);
      if (count > 0) {
        const rows = sliceBatch(batch, at, at + count);
        yield { batch: rows, segment: sliceSegment(segment!, taken, count), firstRow: done.firstRow + taken, done };
      }
      at += count;
      taken += count;
    }
  }
}

function sliceSegment({ flags, attempts, fallback, details }: Segment, start: number, count: number): Segment {
  const end = start + count;
  return {
    flags: flags.subarray(start, end),
    attempts: attempts.subarray(start, end),
    fallback: fallback.subarray(start, end),
    details: details.map((data) => data.slice(start, count) as Data<Struct>),
  };
}
