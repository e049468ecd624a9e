import { describe, expect, it } from 'vitest';
import { sourceOverlap } from '../../src/evaluate/measures/overlap.js';
import { wordsOf } from '../../src/evaluate/measures/words.js';
import { scoreRow } from '../../src/evaluate/scoreRow.js';
import { METRICS } from '../../src/evaluate/types.js';

describe('words', () => {
  it.each([
    [
      "It's a well-known, 2,479.50-euro (!) test at 08:17.",
      ["it's", 'a', 'well-known', '2,479.50-euro', 'test', 'at', '08:17'],
    ],
    ['Caf\u00e9 CAFE\u0301 \ufb01ne', ['caf\u00e9', 'caf\u00e9', 'fine']],
    [
      '\u0627\u0644\u0642\u0637\u0627\u0631 \u0645\u062a\u0623\u062e\u0631',
      ['\u0627\u0644\u0642\u0637\u0627\u0631', '\u0645\u062a\u0623\u062e\u0631'],
    ],
    ['\u5217\u8eca 2\u6642\u9593', ['\u5217', '\u8eca', '2', '\u6642', '\u9593']],
    [
      '\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22',
      ['\u0939\u093f\u0928\u094d\u0926\u0940', '\u0e44', '\u0e17', '\u0e22'],
    ],
    ['\ud83d\ude00 - ... \n', []],
    ['snake_case and/or it', ['snake', 'case', 'and', 'or', 'it']],
  ])('of %j', (text, words) => expect(wordsOf(text)).toEqual(words));
});

describe('what a summary has of its source', () => {
  const SOURCE = 'The red pump failed on Friday. The blue pump ran.';

  it.each([
    ['The red pump failed on Friday.', { copied: 1, novelty: 0, repeated: 0, words: 6, compression: 0.6 }],
    ['the RED pump, FAILED!', { copied: 1, novelty: 0, repeated: 0, words: 4, compression: 0.4 }],
    ['A red pump failed early', { copied: 1 / 3, novelty: 0.4, repeated: 0, words: 5, compression: 0.5 }],
    ['pump red the Friday', { copied: 0, novelty: 0, repeated: 0, words: 4, compression: 0.4 }],
    ['a b c a b c a b c', { copied: 0, novelty: 1, repeated: 4 / 7, words: 9, compression: 0.9 }],
    ['no no no no', { copied: 0, novelty: 1, repeated: 0.5, words: 4, compression: 0.4 }],
    ['red pump', { copied: null, novelty: 0, repeated: null, words: 2, compression: 0.2 }],
    ['\ud83d\ude00', { copied: null, novelty: null, repeated: null, words: 0, compression: 0 }],
    ['', { copied: null, novelty: null, repeated: null, words: 0, compression: 0 }],
  ])('%j', (summary, expected) => expect(sourceOverlap(SOURCE, summary)).toEqual(expected));

  it('of an empty source is nothing', () => {
    expect(sourceOverlap('', 'a red pump')).toEqual({
      copied: 0,
      novelty: 1,
      repeated: 0,
      words: 3,
      compression: null,
    });
  });
});

describe('the scores of a row', () => {
  const row = {
    source: 'On 12 May Smufon paid $348 to Grone.',
    summary: 'Then Smufon paid $349.',
    reference: 'Smufon paid $348.',
  };

  it('are one for each metric, and nothing else', () => {
    expect(Object.keys(scoreRow(row)).sort()).toEqual([...METRICS].sort());
  });

  it('come from all three texts', () => {
    const sevenths = expect.closeTo(4 / 7, 12);
    expect(scoreRow(row)).toEqual({
      rouge1: sevenths,
      rouge2: 2 / 5,
      rougeL: sevenths,
      rougeLsum: sevenths,
      faithful: 0,
      faithfulNames: 1,
      copied: 0,
      novelty: 0.5,
      repeated: 0,
      words: 4,
      compression: 0.5,
      judge: null,
    });
  });

  it('know no ROUGE without a reference, and 0 with an empty one', () => {
    const rouges = ({ rouge1, rouge2, rougeL, rougeLsum }: ReturnType<typeof scoreRow>) => [
      rouge1,
      rouge2,
      rougeL,
      rougeLsum,
    ];
    expect(rouges(scoreRow({ ...row, reference: null }))).toEqual([null, null, null, null]);
    expect(rouges(scoreRow({ ...row, reference: '' }))).toEqual([0, 0, 0, 0]);
  });
});
