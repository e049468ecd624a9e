import { isUtf8 } from 'node:buffer';
import type { Data, RecordBatch } from 'apache-arrow';
import type { GenerationOptions } from '../../engine/types.js';
import type { BatchAnswer, BatchFunction, OpenBatchFunction, RunContext } from '../../pool/types.js';
import { textValues } from '../../table/columns.js';
import { generateLong, type LongDocuments } from '../longDocuments.js';
import { openModel } from '../openModel.js';
import type { LoadedModel, LoadOptions, ScoreOptions } from '../types.js';
import { answerBatch } from './answerBatch.js';
import { embedTexts } from './embedTexts.js';
import { embeddingColumn, generatedColumn } from './resultColumn.js';
import type { ResultType } from './resultType.js';
import { NOT_UTF8, type RowError } from './rowErrors.js';

/** What a column of texts is to become. */
export interface TextSetting {
  readonly generation: GenerationOptions;
  readonly text: ScoreOptions;
  readonly longDocuments: LongDocuments;
  readonly resultType: ResultType;
}

/** Plain data: it goes to another thread or process. */
export interface TextFunctionOptions extends TextSetting {
  readonly uri: string;
  readonly load: LoadOptions;
  /** Answers what became of each row, as detailed/details.ts lays it out. */
  readonly details?: boolean;
}

/** Called in each worker of a pool. */
export const openTextFunction: OpenBatchFunction<TextFunctionOptions> = async (options, { threads }) => {
  const model = await openModel(options.uri, { ...options.load, threads });
  return new TextFunction(model, options, options.details);
};

/** A model that answers batches of one column of text, none of them null. */
export class TextFunction implements BatchFunction {
  constructor(
    private readonly model: LoadedModel,
    private readonly setting: TextSetting,
    private readonly details = false,
  ) {}

  async run(batch: RecordBatch, { alive, signal }: RunContext): Promise<BatchAnswer> {
    const column = batch.getChildAt(0)!;
    const broken = brokenTexts(column.data[0]);
    const all = textValues(column) as string[];
    const texts = broken ? all.filter((_, row) => !broken[row]) : all;
    let done = 0;
    // Those of a call that failed are computed again.
    const onRow = () => alive(Math.min(++done, texts.length));
    const onWork = () => alive();
    const { generation, text, longDocuments, resultType } = this.setting;
    if (resultType === 'double[]') {
      const refuseLong = longDocuments === 'error';
      const vectors = withBroken(broken, await embedTexts(this.model, texts, { ...text, refuseLong, signal, onRow }));
      return answerBatch(embeddingColumn(vectors), vectors, this.details);
    }
    const how = { ...text, longDocuments, signal, onRow, onWork };
    const outcomes = withBroken(broken, await generateLong(this.model, texts, generation, how));
    return answerBatch(generatedColumn(resultType, outcomes), outcomes, this.details);
  }

  async close(): Promise<void> {
    await this.model.close();
  }
}

/** Which texts are not UTF-8: decoding would put other characters in their place. Null, as nearly always, if none is. */
export function brokenTexts({ values, valueOffsets, length }: Data): readonly boolean[] | null {
  if (length === 0 || isUtf8(values.subarray(valueOffsets[0], valueOffsets[length]))) return null;
  return Array.from({ length }, (_, row) => !isUtf8(values.subarray(valueOffsets[row], valueOffsets[row + 1])));
}

function withBroken<Answer>(
  broken: readonly boolean[] | null,
  answers: readonly Answer[],
): readonly (Answer | RowError)[] {
  if (!broken) return answers;
  let next = 0;
  return broken.map((isBroken) => (isBroken ? NOT_UTF8 : answers[next++]));
}
