import { type RecordBatch, Table, Utf8, vectorFromArray } from 'apache-arrow';
import type { GenerationOptions } from '../engine/types.js';
import type { OpenBatchFunction } from '../pool/types.js';
import { openModel } from '../predict/openModel.js';
import type { GeneratedText, LoadOptions, ScoreOptions } from '../predict/types.js';
import { textValues } from '../table/columns.js';

/** Plain data: it is sent to the workers. */
export interface GenerateSetting {
  readonly uri: string;
  readonly load: LoadOptions;
  readonly generation: GenerationOptions;
  readonly how: ScoreOptions;
}

/** Lines of text as a batch of one column. */
export function textBatch(texts: readonly string[]): RecordBatch {
  return new Table({ text: vectorFromArray(texts, new Utf8()) }).batches[0];
}

/** A worker's side of `precis generate -`. A line may have several results, so each row's answer is their JSON. */
export const openGenerateFunction: OpenBatchFunction<GenerateSetting> = async (
  { uri, load, generation, how },
  { threads },
) => {
  const model = await openModel(uri, { ...load, threads });
  return {
    run: async (batch, { alive, signal }) => {
      const texts = textValues(batch.getChildAt(0)!).map((text) => text ?? '');
      const { results } = await model.generateTexts(texts, generation, { ...how, signal, onRow: alive, onWork: alive });
      const each = results.length / texts.length;
      const rows = texts.map((_, i) => JSON.stringify(results.slice(i * each, (i + 1) * each)));
      return { batch: textBatch(rows) };
    },
    close: () => model.close(),
  };
};

export function resultsOf(batch: RecordBatch): GeneratedText[] {
  return textValues(batch.getChildAt(0)!).flatMap((row) => JSON.parse(row as string) as GeneratedText[]);
}
