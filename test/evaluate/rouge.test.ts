import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type RougeScores, rouge } from '../../src/evaluate/rouge/rouge.js';
import { stem } from '../../src/evaluate/rouge/stem.js';

/** Made by scripts/fixtures/make_rouge_cases.py with Google's package; scores as [precision, recall, f1]. */
interface Case {
  readonly reference: string;
  readonly summary: string;
  readonly scores: readonly (readonly number[])[];
}

const METRICS = ['rouge1', 'rouge2', 'rougeL', 'rougeLsum'] as const;
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const cases: Case[] = JSON.parse(fixture('rouge-pairs.json'));

const numbers = (scores: RougeScores) =>
  METRICS.map((metric) => [scores[metric].precision, scores[metric].recall, scores[metric].f1]);

describe('ROUGE', () => {
  it('has 500 pairs to be compared on, with line breaks, without words, and long', () => {
    expect(cases).toHaveLength(500);
    expect(cases.filter(({ scores }) => scores[2][2] !== scores[3][2]).length).toBeGreaterThan(40);
    expect(cases.filter(({ scores }) => scores[0][2] === 0).length).toBeGreaterThan(10);
    expect(cases.filter(({ reference }) => reference.split(' ').length > 600).length).toBeGreaterThan(0);
  });

  for (const [at, metric] of METRICS.entries()) {
    it(`${metric} is rouge_score's to 1e-6: precision, recall and F1 of every pair`, () => {
      const different = cases.flatMap(({ reference, summary, scores }) => {
        const ours = numbers(rouge(reference, summary))[at];
        const same = ours.every((value, part) => Math.abs(value - scores[at][part]) < 1e-6);
        return same ? [] : [{ reference, summary, ours, expected: scores[at] }];
      });
      expect(different).toEqual([]);
    });
  }

  it('counts a line of the reference by what any line of the summary has of it', () => {
    // From the paper (Lin 2004, 3.2): w1 w2 w3 w4 w5 against w1 w3 w8 w9 w5 and w1 w2 w6 w7 w8 has the union w1 w2 w3 w5.
    const { rougeLsum, rougeL } = rouge('a b c d e\n', 'a c h i e\na b f g h');
    expect(rougeLsum.recall).toBeCloseTo(4 / 5, 12);
    expect(rougeL.recall).toBeCloseTo(3 / 5, 12);
  });

  it('swaps precision and recall when the texts change places, for what does not know lines', () => {
    for (const { reference, summary } of cases) {
      const [there, back] = [rouge(reference, summary), rouge(summary, reference)];
      for (const metric of ['rouge1', 'rouge2', 'rougeL'] as const) {
        expect(back[metric].precision).toBe(there[metric].recall);
        expect(back[metric].f1).toBeCloseTo(there[metric].f1, 12);
      }
    }
  });
});

describe('stems', () => {
  it("are NLTK's for 16,000 words", () => {
    const words = fixture('rouge-stems.txt').trimEnd().split('\n');
    expect(words.length).toBeGreaterThan(15_000);
    expect(words.map((line) => line.split(' ')[0]).map((word) => `${word} ${stem(word)}`)).toEqual(words);
  });
});
