import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { splitSentences } from '../../src/text/sentences.js';
import { type SplitRequest, splitDocument } from '../../src/text/splitDocument.js';
import { openTokenizer, type Tokenizer } from '../../src/text/tokenizer.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-split-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const PREFIX = 'summarize: ';
let tokenizers: Record<string, Tokenizer>;
beforeAll(() => {
  const open = (family: 't5' | 'byt5') => {
    const dir = path.join(scratch, family);
    writeSeededCheckpoint({ out: dir, family, size: 'tiny' });
    return openTokenizer(dir, { vocabSize: 100_000 });
  };
  tokenizers = { t5: open('t5'), byt5: open('byt5') };
});

function countWith(tokenizer: Tokenizer): (text: string) => number {
  return (text) => tokenizer.encode(text, { prefix: PREFIX, maxTokens: Number.MAX_SAFE_INTEGER }).ids.length;
}

/** A small generator of numbers, so that every run sees the same texts. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SCRAPS = [
  'the',
  'Council',
  'budget',
  '3.14',
  'Dr.',
  'naïve',
  '图书馆的预算',
  '🎉👍🏽',
  'x'.repeat(90),
  'e.g.',
  '(so)',
  '«да»',
  '\u200b',
];
const ENDS = ['. ', '! ', '?\n', '。', '\n\n', '... ', '." ', ' ', '۔ '];

function randomText(seed: number): string {
  const next = numbers(seed);
  let text = '';
  for (let sentence = next(40); sentence >= 0; sentence--) {
    const words = Array.from({ length: 1 + next(next(9) === 0 ? 80 : 12) }, () => SCRAPS[next(SCRAPS.length)]);
    text += words.join(next(5) === 0 ? '' : ' ') + ENDS[next(ENDS.length)];
  }
  return text;
}

function partsOf(text: string, request: SplitRequest): string[] {
  return splitDocument(text, request).map(({ start, end }) => text.slice(start, end));
}

describe.each(['t5', 'byt5'])('parts of a document, by the tokens of %s', (name) => {
  it.each([
    [30, 0],
    [64, 2],
    [300, 1],
  ])('of at most %i tokens with %i sentences in common fit and cover the text', (limit, overlap) => {
    const count = countWith(tokenizers[name]);
    for (let seed = 1; seed <= 25; seed++) {
      const text = randomText(seed);
      const parts = splitDocument(text, { limit, count, overlap });
      let covered = 0;
      for (const { start, end } of parts) {
        expect(count(text.slice(start, end))).toBeLessThanOrEqual(limit);
        if (overlap === 0) expect(start).toBe(covered);
        expect(start).toBeLessThanOrEqual(covered);
        expect(end).toBeGreaterThan(covered);
        covered = end;
      }
      expect(covered).toBe(text.length);
    }
  });

  it('begin and end where sentences do, when sentences fit', () => {
    const count = countWith(tokenizers[name]);
    const text = Array.from({ length: 60 }, (_, i) => `Sentence ${i} has a few words.`).join(' ');
    const limit = count('') + 5 * (count('Sentence 59 has a few words. ') - count('')) + 3;
    const parts = partsOf(text, { limit, count, overlap: 1 });
    for (const part of parts) expect(part).toMatch(/^Sentence \d+ has.* words\. ?$/);
    // Each repeats the last sentence of the one before it.
    for (const [i, part] of parts.slice(1).entries()) {
      const lastOfBefore = parts[i].trim().split('. ').at(-1)!.replace('.', '');
      expect(part.startsWith(lastOfBefore)).toBe(true);
    }
    // As full as they go: with the next sentence they would not have fitted.
    for (const part of parts.slice(0, -1)) expect(count(`${part}Sentence 59 has a few words.`)).toBeGreaterThan(limit);
  });
});

describe('cutting', () => {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

  it.each<[string, number, string[]]>([
    ['A b. C d. E f.', 4, ['A b. C d. ', 'E f.']],
    ['A b. C d. E f.', 2, ['A b. ', 'C d. ', 'E f.']],
    ['a b c d e. F g.', 2, ['a b ', 'c d ', 'e. ', 'F g.']],
    ['  A b.  C.  ', 9, ['  A b.  C.  ']],
    ['', 5, ['']],
    [' \n ', 5, [' \n ']],
  ])('%j to %i words', (text, limit, expected) => {
    expect(partsOf(text, { limit, count: words, overlap: 0 })).toEqual(expected);
  });

  it('leaves nothing when a prefix takes all the room', () => {
    expect(splitDocument('a b', { limit: 3, count: (text) => 3 + words(text), overlap: 0 })).toEqual([]);
  });

  it('cuts no character in two', () => {
    const byCharacter = (text: string) => text.length;
    const parts = partsOf('🎉'.repeat(10), { limit: 3, count: byCharacter, overlap: 0 });
    expect(parts).toEqual(Array.from({ length: 10 }, () => '🎉'));
  });

  it('counts every token a few times, whatever the length', () => {
    const text = Array.from(
      { length: 12_000 },
      (_, i) => `The thing of number ${i} is here, and ${'so '.repeat(i % 9)}on.`,
    ).join(' ');
    let counted = 0;
    const count = (part: string) => {
      counted += part.length;
      return words(part);
    };
    const parts = splitDocument(text, { limit: 500, count, overlap: 2 });
    expect(words(text)).toBeGreaterThan(100_000);
    expect(parts.length).toBeLessThan(words(text) / 400);
    expect(counted).toBeLessThan(3 * text.length);
    expect([...splitSentences(text)]).toHaveLength(12_000);
  });
});
