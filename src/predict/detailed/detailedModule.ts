import { type Data, type DataType, type RecordBatch, type Struct, type Utf8, Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { requireColumn } from '../../table/columns.js';
import { LazyPool } from '../texts/lazyPool.js';
import { peakBytes } from '../texts/textExpressions.js';
import { UdfCounter } from '../texts/udfCounter.js';
import type { UdfStats } from '../udfTypes.js';
import { type BatchFunctionOptions, type FunctionPlan, planFunction, poolSpec } from '../user/defineBatchFunction.js';
import { userPass } from '../user/userPass.js';
import { checkedBatches } from './detailedTexts.js';
import { detailsType } from './details.js';
import { rescue } from './rescue.js';
import type { DetailedBatch, DetailedColumn, DetailedFunction, DetailedPass, DetailedSetting } from './types.js';

const NO_MODEL = 'none';

/** A user's own function, found in a module. */
export function openDetailedModule(column: DetailedColumn, setting: DetailedSetting): DetailedFunction {
  const { module, exportName, ...options } = column.options;
  const columns = columnNames(column.text);
  const { onProgress, devices, ...pool } = setting;
  const place = { module: module as string, export: exportName as string };
  const counter = new UdfCounter(NO_MODEL, onProgress);
  const onEvent: DetailedSetting['onEvent'] = (event) => {
    counter.event(event);
    setting.onEvent?.(event);
  };
  const plan = planFunction(place, { ...(options as BatchFunctionOptions), ...pool, onEvent });
  return new DetailedModule(plan, devices, columns, counter);
}

function columnNames(text: DetailedColumn['text']): readonly string[] {
  const names = typeof text === 'string' ? [text] : text;
  if (Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string' && name !== '')) {
    return [...new Set<string>(names)];
  }
  throw new PrecisError('usage', {
    found: `a module's function over ${JSON.stringify(text)}`,
    expected: 'the names of the columns that it reads, one at least',
  });
}

class DetailedModule implements DetailedFunction {
  readonly type: DataType;
  readonly details: Struct;
  readonly stats: UdfStats;
  private readonly pool: LazyPool;

  constructor(
    private readonly plan: FunctionPlan,
    devices: DetailedSetting['devices'],
    private readonly columns: readonly string[],
    private readonly counter: UdfCounter,
  ) {
    this.type = plan.type;
    this.details = detailsType(plan.type);
    this.stats = counter.stats;
    this.pool = new LazyPool(poolSpec({ ...plan.spec, details: true }), { ...plan.pool, devices });
  }

  async *over(
    batches: AsyncIterable<RecordBatch>,
    { signal: outer, apart }: DetailedPass = {},
  ): AsyncGenerator<DetailedBatch, void, undefined> {
    const { columns, counter, details, plan, pool } = this;
    const stopped = new AbortController();
    const signal = outer ? AbortSignal.any([outer, stopped.signal]) : stopped.signal;
    const checked = checkedBatches(batches, (schema) => {
      for (const column of columns) requireColumn(schema, column, 'the table');
    });
    const opened = await pool.open();
    counter.stats.workers = opened.workers;
    counter.begin();
    try {
      const onGivenUp = rescue(opened, details, signal);
      const pass = { columns, pool, signal, rows: apart ? 1 : plan.rows, onGivenUp };
      for await (const { batch, column } of userPass(checked, pass)) {
        const answered = column.data[0] as Data<Struct>;
        counter.passed(new Vector<Utf8>([answered.children[1] as Data<Utf8>]));
        yield { batch, details: answered };
      }
    } finally {
      stopped.abort();
      counter.end(await peakBytes(opened));
    }
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
