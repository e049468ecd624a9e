import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { Entry } from './entry.js';
import type { MapOptions, PartitionAnswer } from './types.js';

/** What a map asks of the pool that runs it. */
export interface MapRunHooks {
  /** Entries are ready to be given to the crew. */
  readonly onReady: () => void;
  /** The crew should not go on with this task. */
  readonly onCancel: (task: number) => void;
}

/**
 * One call of `map`: pulls partitions while fewer than `limit` are neither answered nor handed over, and hands answers over in order. The first
 * partition that fails, by position, ends it: what stands before it still comes out.
 */
export class MapRun {
  /** For the crew, in order. */
  readonly ready: Entry[] = [];
  /** Pulled and not yet handed over, in order. */
  private readonly window: Entry[] = [];
  private readonly source: AsyncIterator<RecordBatch> | Iterator<RecordBatch>;
  private pulled: number;
  private rowsPulled = 0;
  private pulling = false;
  private exhausted = false;
  private stopped = false;
  private sourceEnd: Promise<void> | undefined;
  private wake: (() => void) | undefined;

  constructor(
    partitions: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
    private readonly limit: number,
    readonly how: MapOptions,
    private readonly hooks: MapRunHooks,
  ) {
    this.pulled = how.firstPartition ?? 0;
    this.source =
      Symbol.asyncIterator in partitions ? partitions[Symbol.asyncIterator]() : partitions[Symbol.iterator]();
  }

  async *answers(): AsyncGenerator<PartitionAnswer, void, undefined> {
    for (;;) {
      void this.pull();
      const entry = await this.next();
      if (!entry) return;
      const answer = await entry.answer;
      this.window.shift();
      // The place is free as soon as the answer is on its way: work goes on while the consumer is busy.
      void this.pull();
      yield answer;
    }
  }

  /** Ends all work; those who wait for answers get the reason. Resolves when the source has ended too. */
  async stop(reason: unknown): Promise<void> {
    if (!this.stopped) {
      this.stopped = true;
      this.ready.length = 0;
      this.drop(this.window, reason);
      if (this.window.length === 0) this.push(undefined, reason);
      this.wake?.();
    }
    await this.endSource();
  }

  /** An entry failed: what comes after it is not wanted any more. */
  failedAt(partition: number): void {
    void this.endSource();
    const left = this.ready.filter((entry) => entry.partition < partition);
    this.ready.splice(0, this.ready.length, ...left);
    const after = this.window.filter((entry) => entry.partition > partition);
    this.drop(after, new PrecisError('pool', { found: 'an earlier partition failed' }));
  }

  /** An entry whose worker died is given to the crew again, before what stands behind it. */
  again(entry: Entry): void {
    const at = this.ready.findIndex(({ partition }) => partition > entry.partition);
    this.ready.splice(at < 0 ? this.ready.length : at, 0, entry);
  }

  /** The last first: one that still waits shall not begin because one before it has made room. */
  private drop(entries: readonly Entry[], reason: unknown): void {
    for (const entry of entries.toReversed()) {
      entry.fail(reason);
      if (entry.task !== undefined) this.hooks.onCancel(entry.task);
    }
  }

  private async next(): Promise<Entry | undefined> {
    while (this.window.length === 0 && (!this.exhausted || this.pulling) && !this.stopped) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.window[0];
  }

  /** One at a time, and none while the window is full: this is what holds back a source that is faster than its consumer. */
  private async pull(): Promise<void> {
    if (this.pulling) return;
    this.pulling = true;
    try {
      while (!this.exhausted && this.window.length < this.limit) {
        const result = await this.source.next();
        if (this.exhausted) break;
        if (result.done) this.exhausted = true;
        else this.push(result.value);
        this.wake?.();
      }
    } catch (error) {
      if (!this.exhausted) this.push(undefined, error);
      this.exhausted = true;
    } finally {
      this.pulling = false;
      this.wake?.();
    }
  }

  private push(batch: RecordBatch | undefined, error?: unknown): void {
    const entry = new Entry(this.pulled++, this.rowsPulled, batch, this.how.alone);
    this.window.push(entry);
    this.rowsPulled += batch?.numRows ?? 0;
    if (!batch) {
      entry.fail(error);
      return;
    }
    this.ready.push(entry);
    this.hooks.onReady();
  }

  private endSource(): Promise<void> {
    this.sourceEnd ??= this.returnSource();
    return this.sourceEnd;
  }

  private async returnSource(): Promise<void> {
    if (this.exhausted) return;
    this.exhausted = true;
    try {
      const ended = this.source.return?.();
      // A source that is being pulled may answer this only when that pull has ended, whenever that is.
      if (!this.pulling) await ended;
      else Promise.resolve(ended).catch(() => {});
    } catch {
      // Nothing more is wanted of it, so its last trouble is nobody's.
    }
  }
}
