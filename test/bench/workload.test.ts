import { describe, expect, it } from 'vitest';
import { LEAST_TOKENS, MOST_TOKENS, makeDocuments } from '../../bench/workload.js';

const lengthsOf = (documents: readonly number[][]) => documents.map((ids) => ids.length);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('documents of the benchmark', () => {
  it.each([1, 2, 3])('have 32 to 512 tokens, about 430 on average (seed %i)', (seed) => {
    const lengths = lengthsOf(makeDocuments(1000, seed));
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(LEAST_TOKENS);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(MOST_TOKENS);
    expect(sum(lengths) / lengths.length).toBeGreaterThan(420);
    expect(sum(lengths) / lengths.length).toBeLessThan(440);
  });

  it('are the same at every call, and a shorter list is the start of a longer one', () => {
    expect(makeDocuments(5)).toEqual(makeDocuments(20).slice(0, 5));
    expect(makeDocuments(5, 2)).not.toEqual(makeDocuments(5, 1));
  });

  it('are ordinary tokens with one end token at the end', () => {
    for (const ids of makeDocuments(50)) {
      expect(ids.at(-1)).toBe(1);
      expect(ids.slice(0, -1).every((id) => id >= 3 && id < 32_000)).toBe(true);
    }
  });
});
