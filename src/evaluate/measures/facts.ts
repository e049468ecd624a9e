import { type FoundDate, takeDates } from './dates.js';
import { normalText, type PlaceOfOne } from './normalText.js';

export interface FoundNumber {
  /** Its digits, without thousands' separators. */
  readonly value: string;
  /** $, \u20ac, \u00a3, \u00a5 or % where the text says what it is a number of. */
  readonly unit: string | null;
}

/** What a text states that can be right or wrong to the letter. */
export interface Facts {
  readonly dates: readonly FoundDate[];
  readonly numbers: readonly FoundNumber[];
  /** Anything else with a digit: PZC-5572, 08:17, 8.4.1. */
  readonly codes: readonly string[];
}

/** Currencies by their codes, which stand on either side of a number. */
const CURRENCY_CODES: ReadonlyMap<string, string> = new Map([
  ['EUR', '\u20ac'],
  ['USD', '$'],
  ['GBP', '\u00a3'],
  ['JPY', '\u00a5'],
]);
const UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ['dollar', '$'],
  ['dollars', '$'],
  ['euro', '\u20ac'],
  ['euros', '\u20ac'],
  ['pound', '\u00a3'],
  ['pounds', '\u00a3'],
  ['yen', '\u00a5'],
  ['percent', '%'],
]);

/** A number, perhaps with its currency before it and words in lower case joined to it: US$1,200.50, mid-2024, 24-hour, 5kg, 37%. */
const NUMBER =
  /^(?:\p{Lu}{0,2}(\p{Sc})|\p{Ll}+-)?(\d+|\d{1,3}(?:,\d{2,3})*,\d{3})(\.\d+)?(?:(\p{Sc}|%)|\u00b0\p{Lu}?|[^\p{Lu}\p{N}.,:]*?)$/u;
/** A token without the punctuation at its ends; a pattern that is done at one look, however long the token. */
const CORE = /[\p{L}\p{N}\p{Sc}](?:.*[\p{L}\p{N}\p{Sc}%\u00b0])?/u;

export function factsOf(text: string, one: PlaceOfOne): Facts {
  const { dates, rest } = takeDates(normalText(text, one));
  const numbers: FoundNumber[] = [];
  const codes: string[] = [];
  const tokens = rest.split(/\s+/).map((token) => (CORE.exec(token)?.[0] ?? '').replace(/['\u2019]s$/, ''));
  tokens.forEach((token, at) => {
    if (!/\d/.test(token)) return;
    const number = NUMBER.exec(token);
    if (number === null) codes.push(token.replace(/^0(?=\d:\d\d)/, ''));
    else numbers.push({ value: digitsOf(number), unit: unitOf(number, tokens, at) });
  });
  return { dates, numbers, codes };
}

export function isCurrencyCode(word: string): boolean {
  return CURRENCY_CODES.has(word);
}

function digitsOf([, , whole, part]: RegExpExecArray): string {
  return whole.replaceAll(',', '') + (part === undefined || /^\.0+$/.test(part) ? '' : part);
}

function unitOf(number: RegExpExecArray, tokens: readonly string[], at: number): string | null {
  const attached = number[1] ?? number[4];
  if (attached !== undefined) return attached;
  const before = CURRENCY_CODES.get(tokens[at - 1] ?? '');
  if (before !== undefined) return before;
  const joined = /-(\p{Ll}+)$/u.exec(number[0])?.[1];
  const after = joined ?? tokens[at + 1] ?? '';
  if (after === 'per' && tokens[at + 2] === 'cent') return '%';
  return CURRENCY_CODES.get(after) ?? UNIT_WORDS.get(after.toLowerCase()) ?? null;
}
