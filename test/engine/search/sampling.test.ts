import { describe, expect, it } from 'vitest';
import { createSearch } from '../../../src/engine/search/createSearch.js';
import { resolveOptions } from '../../../src/engine/search/options.js';
import { createRandom } from '../../../src/engine/search/random.js';
import type { Candidates } from '../../../src/engine/search/search.js';
import type { GenerationOptions } from '../../../src/engine/types.js';
import { HASH_CONFIG, readSearchFixture } from './fixture.js';
import { type Answers, candidatesOf, documentKey, drive, hashLogits } from './hashModel.js';

const fixture = readSearchFixture();
const NO_DEFAULTS = { generationConfig: {}, taskSpecificParams: {} };

const NOT_LOOKED_AT: Candidates = { stride: 1, ids: Int32Array.of(0), logits: null, logSumExp: null };

const searchFor = (options: GenerationOptions, document: number[]) =>
  createSearch(resolveOptions(options, NO_DEFAULTS, HASH_CONFIG), HASH_CONFIG, { ids: Int32Array.from(document) });

function sample(options: GenerationOptions, document: number[], answers: Answers = 'as needed') {
  const search = searchFor(options, document);
  const needs = drive(search, document, 40, answers);
  return { sequences: search.results(), needs };
}

/** The value that a chi-square variable of many degrees of freedom passes once in 1,000 times (Wilson and Hilferty). */
function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3;
}

describe('10,000 first tokens against the probabilities of transformers', () => {
  it.each(fixture.sampling.map((c) => ({ name: JSON.stringify(c.options), ...c })))('$name', (testCase) => {
    const document = fixture.documents[testCase.document];
    const draws = 10_000;
    const counts = new Map<number, number>();
    // The one distribution that all draw from: computed once, by the first search.
    let candidates: Candidates | null = null;
    for (let seed = 0; seed < draws; seed++) {
      const search = searchFor({ ...testCase.options, seed }, document);
      for (let fed = 0; fed < 3; fed++) search.advance(NOT_LOOKED_AT);
      candidates ??= candidatesOf([hashLogits(documentKey(document), 6, 7, 4, 40)], search.need());
      search.advance(candidates);
      const first = search.results()[0].tokenIds[3];
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }

    // Rare tokens are counted together: the statistic wants at least five of each kind.
    let statistic = 0;
    let kinds = 0;
    let rareExpected = 0;
    let rareCount = 0;
    for (const [id, probability] of Object.entries(testCase.probabilities)) {
      const expected = probability * draws;
      const count = counts.get(Number(id)) ?? 0;
      counts.delete(Number(id));
      if (expected < 5) {
        rareExpected += expected;
        rareCount += count;
        continue;
      }
      statistic += (count - expected) ** 2 / expected;
      kinds++;
    }
    if (rareExpected >= 5) {
      statistic += (rareCount - rareExpected) ** 2 / rareExpected;
      kinds++;
    }
    expect([...counts.keys()], 'tokens that HF never draws').toEqual([]);
    expect(kinds).toBeGreaterThan(3);
    expect(statistic).toBeLessThan(chiSquareLimit(kinds - 1));
  });

  it('scores each token with its warped log-probability', () => {
    const { document, options, probabilities } = fixture.sampling[2];
    const { sequences } = sample(
      { ...options, numReturnSequences: 20, returnScores: true },
      fixture.documents[document],
    );
    for (const { tokenIds, tokenScores, score } of sequences) {
      expect(tokenScores![0]).toBeCloseTo(Math.log(probabilities[tokenIds[3]]), 4);
      expect(score).toBe(tokenScores![0]);
    }
  });
});

describe('a sample depends on its keys alone', () => {
  const [, , , , document] = fixture.documents;
  const options = { doSample: true, maxNewTokens: 20, topP: 0.9, topK: 15 };
  const ids = (more: GenerationOptions, answers?: Answers, of = document) =>
    sample({ ...options, ...more }, of, answers).sequences.map((s) => [...s.tokenIds]);

  it('gives the same again, whatever else is returned and however candidates come', () => {
    const three = ids({ numReturnSequences: 3 });
    expect(ids({ numReturnSequences: 3 })).toEqual(three);
    expect(ids({ numReturnSequences: 3 }, 'all')).toEqual(three);
    expect(ids({ numReturnSequences: 2 })).toEqual(three.slice(0, 2));
    expect(ids({ numReturnSequences: 3, returnScores: true })).toEqual(three);
  });

  it('gives another with another seed, document or place', () => {
    const [first, second] = ids({ numReturnSequences: 2 });
    expect(second).not.toEqual(first);
    expect(ids({ seed: 1 })[0]).not.toEqual(first);
    expect(ids({ seed: 2 ** 40 })[0]).not.toEqual(first);
    expect(ids({}, 'as needed', [...document.slice(0, -1), 3, 1])[0]).not.toEqual(first);
  });

  it('asks for no more candidates than top-k needs', () => {
    expect(sample(options, document).needs[0]).toEqual({ kind: 'best', count: 15 });
    expect(sample({ ...options, topK: 0 }, document).needs[0]).toEqual({ kind: 'all' });
  });
});

describe('random numbers', () => {
  it('are those of the first version: samples must not change from one to the next', () => {
    const random = createRandom(0, Int32Array.of(5, 6, 1), 0);
    expect([random(), random(), random()]).toEqual([0.5525218613116148, 0.860138897466403, 0.06659040632969948]);
  });

  it('are spread evenly over neighbouring keys', () => {
    const counts = new Array(64).fill(0);
    for (let seed = 0; seed < 64_000; seed++) counts[Math.floor(createRandom(seed, Int32Array.of(1), 0)() * 64)]++;
    const statistic = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(statistic).toBeLessThan(chiSquareLimit(63));
  });
});
