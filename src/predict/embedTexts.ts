import { PrecisError } from '../errors.js';
import type { Counted, Outcome } from './answerBatch.js';
import type { EmbedOptions, LoadedModel } from './types.js';

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
  const vectors = await vectorsApart(
    model,
    texts.filter((_, row) => !isRefused(row)),
    how,
  );
  let next = 0;
  return texts.map((_, row) => {
    if (isRefused(row)) return { error: tooLong(tokens[row], limit) };
    const vector = vectors[next++];
    if (typeof vector === 'string') return { error: vector };
    const truncated = tokens[row] > limit;
    return [{ vector, inputTokens: Math.min(tokens[row], limit), outputTokens: 0, truncated, chunks: 1 }];
  });
}

/** A call that fails is tried again in halves, until those that are to blame are alone; of these there is the reason. */
async function vectorsApart(
  model: LoadedModel,
  texts: readonly string[],
  how: EmbedOptions,
): Promise<(Float32Array | string)[]> {
  try {
    return await model.embed(texts, how);
  } catch (error) {
    if (how.signal?.aborted) throw error;
    if (texts.length === 1) return [error instanceof Error ? error.message : String(error)];
    const middle = texts.length >> 1;
    const first = await vectorsApart(model, texts.slice(0, middle), how);
    return [...first, ...(await vectorsApart(model, texts.slice(middle), how))];
  }
}

function tooLong(tokens: number, limit: number): string {
  const found = `the text has ${tokens} tokens`;
  const action = "set longDocuments to 'truncate', or raise maxInputTokens";
  return new PrecisError('input', { found, expected: `at most ${limit}`, action }).message;
}
