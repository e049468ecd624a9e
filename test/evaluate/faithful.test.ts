import { describe, expect, it } from 'vitest';
import { pairOf } from '../../scripts/corpus/pairs.js';
import { Rng } from '../../scripts/corpus/rng.js';
import { faithful } from '../../src/evaluate/measures/faithful.js';

/** What a summary says, what its source says, and whether the one is found in the other. */
type Case = readonly [summary: string, source: string];

describe('a number', () => {
  const found: Case[] = [
    ['34 boxes', 'of 34, all full'],
    ['2,479 packs', '2479 packs'],
    ['2479 packs', '2,479 packs'],
    ['2,479 packs', "2'479 packs, 2\u00a0480 on Monday"],
    ['2480 packs', "2'479 packs, 2\u202f480 on Monday"],
    ['300 trucks', 'in 2026\u00a0300 trucks'],
    ['1200000', '12,00,000 rupees'],
    ['$348 is due', 'due: ($348).'],
    ['$348 is due', 'US$348 is due'],
    ['348 dollars', 'It was $348!'],
    ['\u20ac1,200.50', 'EUR 1,200.50'],
    ['1200.50 euros', 'EUR\u00a01,200.50'],
    ['a \u00a35 note', 'five pounds'],
    ['348', '$348'],
    ['$348', 'a bill of 348'],
    ['$14', '$14.00'],
    ['37%', '37 per cent of them'],
    ['37 percent', '37% of them'],
    ['14.50', 'it read \u201c14.50\u201d, twice'],
    ['eight hours', '8 hours'],
    ['8 hours', 'Eight hours'],
    ['eight hours', 'eight hours'],
    ['25 men', 'twenty-five men'],
    ['1 truck', 'one truck'],
    ['2 million', '2,000,000'],
    ['two million', '2 million'],
    ['2.5 million', '2,500,000 people'],
    ['a 24-hour delay', '24 hours late'],
    ['a delay of 24 hours', 'a 24-hour delay'],
    ['the 3rd', '3 of them'],
    ['5 kg', '5kg'],
    ['21 degrees', '21\u00b0C'],
    ['between 3 and 5', '3\u20135 weeks'],
    ['No. 5', '#5'],
    ['in 2026', 'on 12 May 2026'],
    ['\u0664\u0662', '42 trains'],
    ['42', '\u0627\u0644\u0642\u0637\u0627\u0631 \u0664\u0662'],
    ['1.5', '\u0661\u066b\u0665'],
    ['\uff14\uff12', '42'],
    ['2 hours', '\u5217\u8eca\u306f2\u6642\u9593\u9045\u308c\u307e\u3057\u305f'],
    [
      '\u05d0\u05d9\u05d7\u05d5\u05e8 \u05e9\u05dc \u200f23\u200f \u05d3\u05e7\u05d5\u05ea',
      '23 \u05d3\u05e7\u05d5\u05ea',
    ],
    ['\ud83d\udd253 lost\ud83d\ude00', 'lost 3'],
    ['Pump 4\u2019s seal', 'pump 4'],
  ];
  it.each(found)('%j is found in %j', (summary, source) => expect(faithful(source, summary)).toBe(1));

  const missing: Case[] = [
    ['34', '340'],
    ['34', '134'],
    ['4', '4.5'],
    ['5', '4.5'],
    ['4.5', '4.50'],
    ['479', '2,479'],
    ['2', '2,479'],
    ['34', 'AB-34'],
    ['34', 'AB34'],
    ['34', '08:34'],
    ['$348', '\u00a3348'],
    ['348 euros', '348 dollars'],
    ['37%', '$37'],
    ['2 million', '2 billion'],
    ['2 million', '2 people'],
    ['nine hours', '8 hours'],
    ['24', 'a 240-hour delay'],
    ['20', 'twenty-five'],
    ['16', 'sixty'],
  ];
  it.each(missing)('%j is not found in %j', (summary, source) => expect(faithful(source, summary)).toBe(0));
});

describe('a date', () => {
  const found: Case[] = [
    ['2026-05-01', 'since 2026-05-01.'],
    ['2026-05-01', '1 May 2026'],
    ['12 May 2026', 'on 12 May 2026 or later'],
    ['12 May', 'on 12 May 2026'],
    ['May 12', 'the 12th of May'],
    ['May 12, 2026', '12 May 2026'],
    ['12th May', '2026-05-12'],
    ['in May 2026', 'on 12 May 2026'],
    ['12 MAY 2026', '12 May 2026'],
    ['3 Sept.', 'September 3'],
    ['12 May 2026', 'In 2026, they met on 12 May.'],
    ['On 3 May 2000 parts were lost', '2,000 parts were lost on 3 May'],
    ['In May 12,000 units', 'May: 12,000 units'],
    ['In May 12.5% left', '12.5% left in May'],
    ['On August 20 1,144 settings', '1,144 settings were missing on August 20'],
  ];
  it.each(found)('%j is found in %j', (summary, source) => expect(faithful(source, summary)).toBe(1));

  const missing: Case[] = [
    ['2026-05-01', '2026-05-02'],
    ['2026-05-01', '2026-01-05'],
    ['12 May', '12 June, and 13 May'],
    ['12 May 2026', '12 May 2025'],
    ['12 May 2026', '12 May'],
    ['12 May', 'in May 2012'],
    ['in May 2026', '12 May 2025 and 3 June 2026'],
    ['1 May', '11 May, 21 May and 1 June'],
  ];
  it.each(missing)('%j is not found in %j', (summary, source) => expect(faithful(source, summary)).toBe(0));
});

describe('a code', () => {
  const found: Case[] = [
    ['PZC-5572', '(PZC-5572),'],
    ['part PZC-5572\u2019s seal', '"PZC-5572"'],
    ['at 08:17', '08:17.'],
    ['at 8:17', 'at 08:17'],
    ['version 8.4.1', 'v: 8.4.1!'],
    ['E721-G', 'sample E721-G;'],
    ['801-2355', '801-2355'],
    ['#88604', 'ticket 88604'],
    ['2026-13-45', '2026-13-45'],
    ['A4\u201d', '\u05d2\u05d5\u05d3\u05dc A4 \u05d1\u05dc\u05d1\u05d3'],
  ];
  it.each(found)('%j is found in %j', (summary, source) => expect(faithful(source, summary)).toBe(1));

  const missing: Case[] = [
    ['PZC-5572', 'PZC-5573'],
    ['PZC-557', 'PZC-5572'],
    ['PZC-5572', '5572'],
    ['PZC-5572', 'pzc-5572'],
    ['08:17', '08:18 and 18:17'],
    ['8.4.1', '8.4.10'],
    ['Y416', 'Y4162'],
  ];
  it.each(missing)('%j is not found in %j', (summary, source) => expect(faithful(source, summary)).toBe(0));
});

describe('faithfulness', () => {
  it('is null where a summary states nothing that could be wrong to the letter', () => {
    for (const summary of ['', '\n', 'One of them was late.', 'It was may.', '\ud83d\ude00\ud83d\udc4d', 'March on!']) {
      expect(faithful('12 of 14', summary)).toBeNull();
    }
  });

  it('is the share of all that is stated, each time it is', () => {
    expect(faithful('On 12 May, 34 boxes (PZC-5572) left at 08:17.', '34, 35, 12 May and PZC-5573; 34')).toBe(3 / 5);
  });

  it('is 0 against an empty source', () => {
    expect(faithful('', '34')).toBe(0);
  });

  it('is 1 for the references of the corpus, whose facts come from their documents', () => {
    for (const split of ['test', 'unseen'] as const) {
      for (let number = 0; number < 300; number++) {
        const { source, target } = pairOf(split, number, 1, { least: 60, most: 400 }, { only: 'summarize', copies: 0 });
        expect([target, faithful(source, target) ?? 1]).toEqual([target, 1]);
      }
    }
  });

  it('notices any digit of a reference that is changed', () => {
    let changed = 0;
    for (let number = 0; number < 300; number++) {
      const { source, target } = pairOf('test', number, 1, { least: 60, most: 200 }, { only: 'summarize', copies: 0 });
      const rng = new Rng(7, number);
      const digits = [...target.matchAll(/\d+/g)].filter(([digits]) => digits.length > 2);
      if (digits.length === 0) continue;
      const { 0: right, index } = rng.pick(digits);
      const wrong = String((Number(right) + rng.int(100, 800)) % 1000).padStart(right.length, '1');
      if (source.includes(wrong)) continue;
      changed++;
      const summary = target.slice(0, index) + wrong + target.slice(index + right.length);
      expect([summary, faithful(source, summary)]).not.toEqual([summary, 1]);
    }
    expect(changed).toBeGreaterThan(150);
  });

  it('does not take longer than it must for long runs of marks, spaces and digits', () => {
    for (const run of ['-', ' ', '9', '9,', '.', "a'", '\u0301', '\u00a0', 'one-', ':', 'May ']) {
      const text = `a${run.repeat(100_000)}b 12 May`;
      expect(faithful(text, text)).toBe(1);
    }
  });
});
