import { isUtf8 } from 'node:buffer';
import type { Data, RecordBatch } from 'apache-arrow';
import type { GenerationOptions } from '../engine/types.js';
import { PrecisError } from '../errors.js';
import type { BatchAnswer, BatchFunction, OpenBatchFunction, RunContext } from '../pool/types.js';
import { textValues } from '../table/columns.js';
import { generateLong, type LongDocuments } from './longDocuments.js';
import { openModel } from './openModel.js';
import { answerBatch, type Outcome } from './resultColumn.js';
import type { ResultType } from './resultType.js';
import type { LoadedModel, LoadOptions, ScoreOptions } from './types.js';

/** Plain data: it goes to another thread or process. */
export interface TextFunctionOptions {
  readonly uri: string;
  readonly load: LoadOptions;
  readonly generation: GenerationOptions;
  readonly text: ScoreOptions;
  readonly longDocuments: LongDocuments;
  readonly resultType: ResultType;
}

/** Run in each worker of a pool: a model that answers batches of one column of text, none of them null. */
export const openTextFunction: OpenBatchFunction<TextFunctionOptions> = async (options, { threads }) => {
  const model = await openModel(options.uri, { ...options.load, threads });
  return new TextFunction(model, options);
};

class TextFunction implements BatchFunction {
  constructor(
    private readonly model: LoadedModel,
    private readonly options: TextFunctionOptions,
  ) {}

  async run(batch: RecordBatch, context: RunContext): Promise<BatchAnswer> {
    const column = batch.getChildAt(0)!;
    const texts = textValues(column) as string[];
    const broken = brokenTexts(column.data[0]);
    const outcomes = await this.outcomes(broken ? texts.filter((_, row) => !broken[row]) : texts, context);
    return answerBatch(this.options.resultType, broken ? withBroken(broken, outcomes) : outcomes);
  }

  async close(): Promise<void> {
    await this.model.close();
  }

  private async outcomes(texts: readonly string[], { alive, signal }: RunContext): Promise<readonly Outcome[]> {
    const { generation, text, longDocuments } = this.options;
    let done = 0;
    const onRow = () => alive(Math.min(++done, texts.length));
    return await generateLong(this.model, texts, generation, { ...text, longDocuments, signal, onRow });
  }
}

/** Which texts are not UTF-8: decoding would put other characters in their place. Null, as nearly always, if none is. */
function brokenTexts({ values, valueOffsets, length }: Data): readonly boolean[] | null {
  if (length === 0 || isUtf8(values.subarray(valueOffsets[0], valueOffsets[length]))) return null;
  return Array.from({ length }, (_, row) => !isUtf8(values.subarray(valueOffsets[row], valueOffsets[row + 1])));
}

function withBroken(broken: readonly boolean[], outcomes: readonly Outcome[]): Outcome[] {
  const { message } = new PrecisError('input', { found: 'the text is not valid UTF-8', expected: 'UTF-8' });
  let next = 0;
  return broken.map((isBroken) => (isBroken ? { error: message } : outcomes[next++]));
}
