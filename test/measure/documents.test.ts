import { describe, expect, it } from 'vitest';
import { makeTexts } from '../../src/measure/documents.js';

const words = (text: string) => text.split(' ').length;
const bytes = (text: string) => Buffer.byteLength(text);

describe('made-up documents', () => {
  it.each([
    { name: 'words', count: 40, mean: 430, countTokens: words },
    { name: 'words', count: 3, mean: 20, countTokens: words },
    { name: 'bytes', count: 40, mean: 900, countTokens: bytes },
  ])('are $mean $name long on average, from three quarters to five', ({ count, mean, countTokens }) => {
    const lengths = makeTexts(count, mean, countTokens).map(countTokens);
    expect(lengths).toHaveLength(count);
    // A text ends with a whole word, so it may be one word shorter than wanted.
    expect(Math.abs(lengths.reduce((sum, length) => sum + length, 0) / count / mean - 1)).toBeLessThan(0.05);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1.25 * mean);
    expect(Math.min(...lengths)).toBeGreaterThan(0.7 * mean);
  });

  it('differ from each other, and are the same at every call', () => {
    const texts = makeTexts(200, 60, words);
    expect(new Set(texts).size).toBe(200);
    expect(makeTexts(200, 60, words)).toEqual(texts);
  });

  it('have a word at least, however few tokens are left for them', () => {
    const behindPrefix = (text: string) => 50 + words(text);
    expect(makeTexts(3, 10, behindPrefix).map(words)).toEqual([1, 1, 1]);
  });
});
