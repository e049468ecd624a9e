import { describe, expect, it } from 'vitest';
import { pairOf } from '../../scripts/corpus/pairs.js';
import { faithfulNames } from '../../src/evaluate/measures/names.js';

describe('the names of a summary', () => {
  const SOURCE = `Pump PZC-5572 failed in Thiestland, said Dr Brigward of O\u2019Hara & Al-Plathway. Smufon rang
    \u00c9milie Stra\u00dfer on Friday; ${'\u0418\u0432\u0430\u043d'} came to Port Rorkhurst's harbour.`;

  it.each([
    ['Then Smufon rang.', 1],
    ['Then Smufo rang.', 0],
    ['Then Smufons rang.', 0],
    ['Then smufon rang, not SMUFON.', 0],
    ['Smufon and Brigward met in Thiestland and Crexbury.', 2 / 3],
    ['Zorla failed.', null],
    ['It failed. Zorla failed. Really! Why? Because.', null],
    ['It failed.\n- Zorla failed\n- Grone too', null],
    ['Result: Nothing. \u201cWe left.\u201d He said, "They left."', null],
    ['We met Dr. Brigward.', 1],
    ['The pump PZC-5572 failed.', 1],
    ['PZC-5572 failed.', 1],
    ['PZC-5573 failed.', 0],
    ['the harbour of Port Rorkhurst', 1],
    ["and Thiestland's harbour", 1],
    ["with O'Hara", 0],
    ['with O\u2019Hara and Al-Plathway', 1],
    ['with Plathway', 0],
    ['then \u00c9milie Stra\u00dfer', 1],
    ['then E\u0301milie', 1],
    ['then Emilie', 0],
    ['later \u0418\u0432\u0430\u043d', 1],
    ['later \u041f\u0451\u0442\u0440', 0],
    ["then I left, and I'm late, for EUR 20", null],
    ['\u05d4\u05e8\u05db\u05d1\u05ea \u05d0\u05d9\u05d7\u05e8\u05d4', null],
    ['\ud83d\ude00', null],
    ['', null],
  ])('%j are found by %s', (summary, expected) => {
    const found = faithfulNames(SOURCE, summary);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 12);
  });

  it('are all found in references of the corpus', () => {
    for (let number = 0; number < 400; number++) {
      const split = number % 2 === 0 ? 'test' : 'unseen';
      const { source, target } = pairOf(split, number, 1, { least: 60, most: 400 }, { only: 'summarize', copies: 0 });
      expect([target, faithfulNames(source, target) ?? 1]).toEqual([target, 1]);
    }
  });

  it('that belong to another document are mostly missing', () => {
    const scores: number[] = [];
    for (let number = 0; number < 100; number++) {
      const pair = (at: number) => pairOf('test', at, 1, { least: 60, most: 400 }, { only: 'summarize', copies: 0 });
      const score = faithfulNames(pair(number).source, pair(number + 1000).target);
      if (score !== null) scores.push(score);
    }
    expect(scores.length).toBeGreaterThan(80);
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeLessThan(0.2);
  });
});
