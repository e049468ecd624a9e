import { describe, expect, it } from 'vitest';
import { createSearch } from '../../../src/engine/search/createSearch.js';
import { resolveOptions } from '../../../src/engine/search/options.js';
import type { GeneratedSequence } from '../../../src/engine/types.js';
import { HASH_CONFIG, readSearchFixture, type SearchCase } from './fixture.js';
import { type Answers, drive } from './hashModel.js';

const fixture = readSearchFixture();

/** Token text as the fixture's tokenizer has it; the special ones are left out. */
const decode = (ids: Int32Array) => Array.from(ids, (id) => (id < 2 ? '' : fixture.pieces[id])).join('');

function run(testCase: SearchCase, document: number[], returnScores: boolean, answers: Answers): GeneratedSequence[] {
  const defaults = { generationConfig: testCase.generationConfig ?? {}, taskSpecificParams: {} };
  const options = resolveOptions({ ...testCase.options, returnScores }, defaults, HASH_CONFIG);
  const search = createSearch(options, HASH_CONFIG, { ids: Int32Array.from(document) }, decode);
  drive(search, document, testCase.eosRate, answers);
  return search.results();
}

describe('searches against generate() of transformers', () => {
  const shown = fixture.cases.map((testCase) => {
    const text = JSON.stringify({ ...testCase.options, ...testCase.generationConfig });
    return { name: `${text.slice(0, 120)} eos ${testCase.eosRate}`, testCase };
  });

  it.each(shown)('$name', ({ testCase }) => {
    for (const [index, document] of fixture.documents.entries()) {
      const expected = testCase.results[index];
      for (const answers of ['as needed', 'all'] as const) {
        for (const returnScores of [false, true]) {
          const found = run(testCase, document, returnScores, answers);
          expect(found.map((s) => ({ ids: [...s.tokenIds], reason: s.finishReason }))).toEqual(
            expected.map(({ ids, reason }) => ({ ids, reason })),
          );
          if (returnScores || testCase.options.numBeams! > 1) {
            for (const [i, sequence] of found.entries()) expect(sequence.score).toBeCloseTo(expected[i].score, 3);
          }
          for (const [i, { tokenScores }] of found.entries()) {
            if (!returnScores) {
              expect(tokenScores).toBeNull();
              continue;
            }
            expect(tokenScores!.length).toBe(expected[i].tokenScores.length);
            for (const [k, score] of expected[i].tokenScores.entries()) expect(tokenScores![k]).toBeCloseTo(score, 3);
          }
        }
      }
    }
  });
});
