import type { RecordBatch } from 'apache-arrow';
import { sliceBatch } from './columns.js';
import type { ReadRequest } from './types.js';

/**
 * Which rows of a pass are wanted, by a request's offset and limit. A source tells it of its rows in their order: of those it can pass
 * over unread (`skips`), or of batches, which are cut.
 */
export class RowRange {
  private before: number;
  private left: number;

  constructor({ offset = 0, limit = Number.POSITIVE_INFINITY }: Pick<ReadRequest, 'offset' | 'limit'>) {
    this.before = offset;
    this.left = limit;
  }

  get isOver(): boolean {
    return this.left <= 0;
  }

  /** Whether rows are still to be passed over. */
  get isBefore(): boolean {
    return this.before > 0;
  }

  /** What is wanted of the rows that come next. */
  get rest(): Pick<ReadRequest, 'offset' | 'limit'> {
    const { before, left } = this;
    return { offset: before, ...(left === Number.POSITIVE_INFINITY ? {} : { limit: left }) };
  }

  /** Whether none of the next rows is wanted; then they count as passed. */
  skips(rows: number): boolean {
    if (rows > this.before) return false;
    this.before -= rows;
    return true;
  }

  /** From where up to where the next rows are wanted. */
  take(rows: number): { readonly start: number; readonly end: number } {
    const start = Math.min(this.before, rows);
    const end = Math.min(rows, start + this.left);
    this.before -= start;
    this.left -= end - start;
    return { start, end };
  }

  /** So many of the rows that are wanted are there: what stood before them is passed. */
  give(rows: number): void {
    this.before = 0;
    this.left -= rows;
  }

  /** What is wanted of the next batch, without copying. */
  cut(batch: RecordBatch): RecordBatch {
    const { start, end } = this.take(batch.numRows);
    return sliceBatch(batch, start, end);
  }
}
