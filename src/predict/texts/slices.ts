import type { RecordBatch } from 'apache-arrow';
import { sliceBatch } from '../../table/columns.js';

/** Batches as slices of at most so many rows, read one batch ahead of what was taken and never more. */
export class Slices {
  private readonly source: AsyncIterator<RecordBatch>;
  private batch: RecordBatch | null = null;
  private at = 0;
  private arriving: Promise<void> | null = null;
  /** Kept, since nobody may be waiting at the moment it comes. */
  private failure: { readonly error: unknown } | null = null;
  ended = false;

  constructor(
    batches: AsyncIterable<RecordBatch>,
    private readonly rows: number,
  ) {
    this.source = batches[Symbol.asyncIterator]();
  }

  /** Whether `take` has something to give. */
  get available(): boolean {
    return this.batch !== null;
  }

  /** Resolves when a slice is available or the source has ended. */
  async arrived(): Promise<void> {
    if (!this.failure)
      this.arriving ??= this.read().finally(() => {
        this.arriving = null;
      });
    await this.arriving;
    if (this.failure) throw this.failure.error;
  }

  take(): RecordBatch {
    const batch = this.batch!;
    const begin = this.at;
    // A last slice of a few rows is not worth a batch of its own.
    const end = batch.numRows - begin < 2 * this.rows ? batch.numRows : begin + this.rows;
    this.at = end;
    if (end === batch.numRows) this.batch = null;
    return sliceBatch(batch, begin, end);
  }

  async close(): Promise<void> {
    this.batch = null;
    const returned = this.source.return?.();
    // A source that is waited for answers when its own wait is over, which may be never.
    if (this.arriving) returned?.catch(() => {});
    else await returned;
  }

  private async read(): Promise<void> {
    try {
      const { done, value } = await this.source.next();
      if (done) {
        this.ended = true;
      } else {
        this.batch = value;
        this.at = 0;
      }
    } catch (error) {
      this.failure = { error };
    }
  }
}
