import { Field, type RecordBatch } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { compiledModule } from '../files/compiled.js';
import { openPool } from '../pool/pool.js';
import type { Pool, PoolEvent } from '../pool/types.js';
import type { ColumnExpression, ComputedColumn } from '../table/types.js';
import { type ColumnInput, type TextInput, textInput } from './columns.js';
import { overBatches, overTexts } from './over.js';
import { prepareModel } from './prepareModel.js';
import { arrowType } from './resultType.js';
import { TextJob } from './textJob.js';
import { UdfCounter } from './udfCounter.js';
import { type SortedOptions, sortOptions } from './udfOptions.js';
import type { OverOptions, Udf, UdfOptions } from './udfTypes.js';
import { warnOfTruncated } from './warnOfTruncated.js';

/**
 * A model as a function over columns of text, as `mlflow.pyfunc.spark_udf` gives one. The model is checked and converted here; its workers start when
 * a table with the function's column is first written or collected, and serve all its passes until `close`.
 */
export async function batchUdf(uri: string, options: UdfOptions = {}): Promise<Udf> {
  const sorted = sortOptions(uri, options);
  const { precision } = await prepareModel(sorted.worker);
  const maker = new ExpressionMaker(sorted, options, new UdfCounter(precision, options.onProgress));
  const udf = (input: ColumnInput) => maker.expression(textInput(input));
  const { stats } = maker.counter;
  const close = () => maker.close();
  const over = (rows: AsyncIterable<RecordBatch & string>, how: OverOptions) =>
    how?.text === undefined ? overTexts(udf, rows, how) : overBatches(udf, rows, how);
  return Object.assign(udf, { stats, over, close, [Symbol.asyncDispose]: close }) as Udf;
}

class ExpressionMaker {
  private pool: Promise<Pool> | null = null;
  private closed = false;
  private readonly type;

  constructor(
    private readonly sorted: SortedOptions,
    private readonly options: UdfOptions,
    readonly counter: UdfCounter,
  ) {
    this.type = arrowType(sorted.worker.resultType);
  }

  expression(input: TextInput): ColumnExpression {
    const mayFail = this.options.onError === 'null';
    return {
      columns: input.columns,
      field: (name, schema) => new Field(name, this.type, input.nullable(schema) || mayFail),
      evaluate: (batches, { signal }) => this.evaluate(input, batches, signal),
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await (await this.pool)?.close();
  }

  private async *evaluate(
    input: TextInput,
    batches: AsyncIterable<RecordBatch>,
    outer: AbortSignal | undefined,
  ): AsyncIterable<ComputedColumn> {
    const { counter, sorted } = this;
    const pool = await this.open();
    const stopped = new AbortController();
    const signal = outer ? AbortSignal.any([outer, stopped.signal]) : stopped.signal;
    const { dedupe = true, onError = 'fail', warn = true } = this.options;
    const truncatedBefore = counter.stats.truncated;
    counter.begin();
    try {
      const failing = onError === 'fail';
      const { type } = this;
      const { size } = sorted;
      yield* new TextJob(batches, { pool, input, type, size, dedupe, failing, counter, signal }).columns();
      if (warn) warnOfTruncated(counter.stats.truncated - truncatedBefore);
    } finally {
      stopped.abort();
      counter.end(await peakBytes(pool));
    }
  }

  private async open(): Promise<Pool> {
    if (this.closed) throw new PrecisError('function', { found: 'the function was closed', action: 'make another' });
    this.pool ??= this.start();
    const pool = await this.pool;
    this.counter.stats.workers = pool.workers;
    return pool;
  }

  private start(): Promise<Pool> {
    const module = compiledModule('./textFunction.js', import.meta.url).href;
    const { worker, pool: options } = this.sorted;
    const onEvent = (event: PoolEvent) => {
      this.counter.event(event);
      this.options.onEvent?.(event);
    };
    const pool = openPool({ module, exportName: 'openTextFunction', options: worker }, { ...options, onEvent });
    // What kept it from opening may be gone the next time.
    pool.catch(() => {
      this.pool = null;
    });
    return pool;
  }
}

async function peakBytes(pool: Pool): Promise<number | null> {
  try {
    return (await pool.memory()).hostPeakBytes;
  } catch {
    // A pool that was closed under a pass has none; why the pass ended is told already.
    return null;
  }
}
