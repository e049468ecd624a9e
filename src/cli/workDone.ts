import type { UdfStats } from '../predict/udfTypes.js';

/** Rows come out a partition at a time; the texts of one that is under way are counted one by one. */
export function workDone({ rows, texts, nulls, duplicates, inputTokens, outputTokens, truncated, failed }: UdfStats) {
  const done = Math.max(rows, texts + nulls + duplicates);
  return { done, tokens: inputTokens + outputTokens, truncated, failed };
}
