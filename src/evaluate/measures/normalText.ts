const SMALL = `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
  seventeen eighteen nineteen`.split(/\s+/);
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES: ReadonlyMap<string, number> = new Map([
  ['thousand', 3],
  ['million', 6],
  ['billion', 9],
  ['trillion', 12],
]);

const NUMBER_WORD = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(${TENS.join('|')})(?:-(${SMALL.slice(1, 10).join('|')}))?|(${SMALL.join('|')}))(?![\\p{L}\\p{N}])`,
  'giu',
);
const SCALED = new RegExp(
  `(?<![\\d.,])(\\d[\\d,]*)(?:\\.(\\d+))?[\\s-]+(${[...SCALES.keys()].join('|')})s?(?!\\p{L})`,
  'giu',
);
/** 2'479, and 2 479 with spaces that do not break. */
const THOUSANDS = /(?<![\d.,])\d{1,3}(?:['\u2019\u00a0\u2009\u202f]\d{3})+(?!\d)/g;
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** A sign of a script that puts no spaces between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*/gu;
/** Zeros of the digits that NFKC leaves: Arabic, Persian, Devanagari, Bengali. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6];

export type PlaceOfOne = 'number' | 'word';

/**
 * A text in which one number is written in one way: digits 0 to 9, thousands without separators, 8 for eight,
 * 2000000 for 2 million. `one` is a number only in a source: in summaries it mostly is a pronoun.
 */
export function normalText(text: string, one: PlaceOfOne): string {
  return (
    text
      .replace(THOUSANDS, (number) => number.replace(/\D/g, ''))
      .normalize('NFKC')
      .replace(BIDI_CONTROLS, '')
      .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]/g, westernDigit)
      .replace(/\u066b/g, '.')
      .replace(/\u066c/g, ',')
      .replace(UNSPACED, ' $& ')
      .replace(NUMBER_WORD, (word: string, tens?: string, unit?: string, small?: string) =>
        word.toLowerCase() === 'one' && one === 'word' ? word : String(cardinal(tens, unit, small)),
      )
      .replace(SCALED, scaled)
      // A range is its two ends. A hyphen is none: it stands in codes.
      .replace(/(?<=\d)[\u2013\u2014](?=\p{Sc}?\d)/gu, ' ')
  );
}

function westernDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - ZEROS.find((zero) => code >= zero && code < zero + 10)!);
}

function cardinal(tens?: string, unit?: string, small?: string): number {
  const of = (list: readonly string[], word?: string) => (word === undefined ? 0 : list.indexOf(word.toLowerCase()));
  return tens === undefined ? of(SMALL, small) : (of(TENS, tens) + 2) * 10 + of(SMALL, unit);
}

function scaled(text: string, whole: string, part: string | undefined, scale: string): string {
  const zeros = SCALES.get(scale.toLowerCase())!;
  const digits = part ?? '';
  // 2.4791 thousand is no whole number: it stays as it was told.
  return digits.length > zeros ? text : whole.replaceAll(',', '') + digits.padEnd(zeros, '0');
}
