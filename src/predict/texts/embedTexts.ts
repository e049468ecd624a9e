import { PrecisError } from '../../errors.js';
import type { EmbedOptions, LoadedModel } from '../types.js';
import type { Counted, Outcome } from './answerBatch.js';
import { apart } from './rowErrors.js';

export interface Embedding extends Counted {
  readonly vector: Float32Array;
}

/** The vector of each text; a text that brings an engine to fail fails alone. */
export async function embedTexts(
  model: LoadedModel,
  texts: readonly string[],
  { refuseLong, ...how }: EmbedOptions & { readonly refuseLong: boolean },
): Promise<Outcome<Embedding>[]> {
  // As the model itself does it: a prefix is for generation.
  const prefix = how.prefix ?? '';
  const limit = model.inputLimit(how);
  const tokens = texts.map((text) => model.inputTokens(text, { ...how, prefix }));
  const isRefused = (row: number) => refuseLong && tokens[row] > limit;
  const read = texts.filter((_, row) => !isRefused(row));
  const vectors = await apart(read, (some) => model.embed(some, how), how.signal);
  let next = 0;
  return texts.map((_, row) => {
    if (isRefused(row)) return { error: tooLong(tokens[row], limit) };
    const vector = vectors[next++];
    if ('error' in vector) return vector;
    const truncated = tokens[row] > limit;
    return [{ vector, inputTokens: Math.min(tokens[row], limit), outputTokens: 0, truncated, chunks: 1 }];
  });
}

function tooLong(tokens: number, limit: number): string {
  const found = `the text has ${tokens} tokens`;
  const action = "set longDocuments to 'truncate', or raise maxInputTokens";
  return new PrecisError('input', { found, expected: `at most ${limit}`, action }).message;
}
