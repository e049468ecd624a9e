import { PrecisError } from '../../errors.js';
import { withoutText } from './withoutText.js';

/** Why a row has no result. */
export interface RowError {
  readonly error: string;
}

export const NOT_UTF8: RowError = {
  error: new PrecisError('input', { found: 'the text is not valid UTF-8', expected: 'UTF-8' }).message,
};

/**
 * Work over many texts in which one that fails takes nobody with it. A model fails for a whole call, so a call that fails is tried again in
 * halves, until those that are to blame are alone.
 */
export async function apart<Value extends object>(
  texts: readonly string[],
  work: (texts: readonly string[]) => Promise<readonly Value[]>,
  signal?: AbortSignal,
): Promise<(Value | RowError)[]> {
  if (texts.length === 0) return [];
  try {
    return [...(await work(texts))];
  } catch (error) {
    if (signal?.aborted) throw error;
    if (texts.length === 1) return [{ error: reasonOf(error, texts) }];
    const middle = texts.length >> 1;
    const first = await apart(texts.slice(0, middle), work, signal);
    return [...first, ...(await apart(texts.slice(middle), work, signal))];
  }
}

/** Our own errors say nothing of a text; others may quote it. */
function reasonOf(error: unknown, texts: readonly string[]): string {
  if (error instanceof PrecisError) return error.message;
  return withoutText(error instanceof Error ? error.message : String(error), texts);
}
