import type { DataType, RecordBatch } from 'apache-arrow';
import type { BatchAnswer, BatchFunction, OpenBatchFunction, RunContext } from '../../pool/types.js';
import { textValues } from '../../table/columns.js';
import { openModel } from '../openModel.js';
import { answerBatch, type Counted, type Outcome } from '../texts/answerBatch.js';
import { columnOf } from '../texts/columnBuilders.js';
import { NOT_UTF8 } from '../texts/rowErrors.js';
import { brokenTexts } from '../texts/textFunction.js';
import type { LoadedModel, LoadOptions, ScoreOptions } from '../types.js';

/** What a function over texts is given in a worker: plain data. */
export interface TaskSpec<Options> {
  readonly uri: string;
  readonly load: LoadOptions;
  readonly text: ScoreOptions;
  readonly task: Options;
  /** As in TextFunctionOptions. */
  readonly details?: boolean;
}

/** What a task made of a text, and what is counted of it. */
export interface TaskResult extends Counted {
  readonly value: object;
}

/** A task over texts with a model; `type` is that of its values. Texts that are null or no text do not reach it. */
export interface Task<Options> {
  type(options: Options): DataType;
  run(
    model: LoadedModel,
    texts: readonly string[],
    spec: TaskSpec<Options>,
    context: RunContext,
  ): Promise<Outcome<TaskResult>[]>;
}

/** What a pool opens for a task. */
export function taskFunction<Options>(task: Task<Options>): OpenBatchFunction<TaskSpec<Options>> {
  return async (spec, { threads }) => {
    const model = await openModel(spec.uri, { ...spec.load, threads });
    return new TaskFunction(model, task, spec);
  };
}

/** What a row without a text becomes. */
const NOTHING = { value: null, inputTokens: 0, outputTokens: 0, truncated: false, chunks: 0 };

/** Over batches of one column of text: null in, null out; what is wrong with one row is that row's error. */
class TaskFunction<Options> implements BatchFunction {
  private readonly type: DataType;

  constructor(
    private readonly model: LoadedModel,
    private readonly task: Task<Options>,
    private readonly spec: TaskSpec<Options>,
  ) {
    this.type = task.type(spec.task);
  }

  async run(batch: RecordBatch, context: RunContext): Promise<BatchAnswer> {
    const column = batch.getChildAt(0)!;
    const texts = textValues(column);
    const broken = column.data.length > 0 ? brokenTexts(column.data[0]) : null;
    const isRead = (row: number) => texts[row] !== null && !broken?.[row];
    const read = texts.filter((_, row) => isRead(row)) as string[];
    const outcomes = (await this.task.run(this.model, read, this.spec, context)).values();
    const all = texts.map((text, row) => {
      if (text === null) return [NOTHING];
      return isRead(row) ? (outcomes.next().value as Outcome<TaskResult>) : NOT_UTF8;
    });
    const values = all.map((outcome) => ('error' in outcome ? null : outcome[0].value));
    return answerBatch(columnOf(values, this.type), all, this.spec.details);
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}
