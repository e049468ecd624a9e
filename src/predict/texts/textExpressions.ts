import { type DataType, Field, type RecordBatch } from 'apache-arrow';
import type { BatchFunctionSpec, MapOptions, Pool, PoolEvent, PoolOptions } from '../../pool/types.js';
import type { ColumnExpression, ComputedColumn } from '../../table/types.js';
import type { TextInput } from '../columns.js';
import type { UdfOptions } from '../udfTypes.js';
import { LazyPool } from './lazyPool.js';
import type { PartitionSize } from './textBlock.js';
import { TextJob } from './textJob.js';
import type { UdfCounter } from './udfCounter.js';
import { warnOfTruncated } from './warnOfTruncated.js';

export interface TextExpressionSetting {
  /** Opened in each worker: answers batches of one column of text as resultColumn.ts lays them out. */
  readonly spec: BatchFunctionSpec;
  /** Of the result column. */
  readonly type: DataType;
  readonly pool: PoolOptions;
  readonly size: PartitionSize;
  readonly options: Pick<UdfOptions, 'dedupe' | 'onError' | 'warn' | 'onEvent'>;
  readonly counter: UdfCounter;
  /** Answers partitions that killed their worker on every attempt; without it they fail the pass. */
  readonly rescue?: (pool: Pool, signal: AbortSignal) => MapOptions['onGivenUp'];
}

export interface PassOptions {
  readonly signal?: AbortSignal;
  /** The most texts of a partition, instead of the setting's. */
  readonly rows?: number;
}

/** Expressions over texts that share one pool: its workers start with the first pass and serve all of them until `close`. */
export class TextExpressions {
  private readonly pool: LazyPool;

  constructor(private readonly setting: TextExpressionSetting) {
    const { spec, pool, counter, options } = setting;
    const onEvent = (event: PoolEvent) => {
      counter.event(event);
      options.onEvent?.(event);
    };
    this.pool = new LazyPool(spec, { ...pool, onEvent });
  }

  expression(input: TextInput): ColumnExpression {
    const { type, options } = this.setting;
    const mayFail = options.onError === 'null';
    return {
      columns: input.columns,
      field: (name, schema) => new Field(name, type, input.nullable(schema) || mayFail),
      evaluate: (batches, { signal }) => this.evaluate(input, batches, { signal }),
    };
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  async *evaluate(
    input: TextInput,
    batches: AsyncIterable<RecordBatch>,
    { signal: outer, rows }: PassOptions,
  ): AsyncIterable<ComputedColumn> {
    const { counter, type, options, rescue } = this.setting;
    const size = { ...this.setting.size, ...(rows && { rows }) };
    const pool = await this.pool.open();
    counter.stats.workers = pool.workers;
    const stopped = new AbortController();
    const signal = outer ? AbortSignal.any([outer, stopped.signal]) : stopped.signal;
    const { dedupe = true, onError = 'fail', warn = true } = options;
    const truncatedBefore = counter.stats.truncated;
    counter.begin();
    try {
      const failing = onError === 'fail';
      const onGivenUp = rescue?.(pool, signal);
      const job = { pool, input, type, size, dedupe, failing, counter, signal, onGivenUp };
      yield* new TextJob(batches, job).columns();
      if (warn) warnOfTruncated(counter.stats.truncated - truncatedBefore);
    } finally {
      stopped.abort();
      counter.end(await peakBytes(pool));
    }
  }
}

export async function peakBytes(pool: Pool): Promise<number | null> {
  try {
    return (await pool.memory()).hostPeakBytes;
  } catch {
    // A pool that was closed under a pass has none; why the pass ended is told already.
    return null;
  }
}
