import type { RunContext } from '../../pool/types.js';
import type { Counted } from '../texts/answerBatch.js';
import type { LoadedModel, ScoreOptions } from '../types.js';

/** Texts that a model is given between two signs of life, where it gives none itself. */
const CHUNK = 8;

/** For work without hooks: a few texts at a time. */
export async function inChunks<Value>(
  texts: readonly string[],
  { alive, signal }: RunContext,
  work: (texts: readonly string[]) => Promise<readonly Value[]>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (let begin = 0; begin < texts.length; begin += CHUNK) {
    signal?.throwIfAborted();
    values.push(...(await work(texts.slice(begin, begin + CHUNK))));
    alive(values.length);
  }
  return values;
}

/** What is counted of a text that a model reads and answers without generating. */
export function measured(model: LoadedModel, text: string, how: ScoreOptions): Counted {
  const limit = model.inputLimit(how);
  const tokens = model.inputTokens(text, how);
  return { inputTokens: Math.min(tokens, limit), outputTokens: 0, truncated: tokens > limit, chunks: 1 };
}
