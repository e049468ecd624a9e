import { type Facts, factsOf } from '../measures/facts.js';
import { unstated } from '../measures/faithful.js';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What stands between white space; of scripts without spaces, each sign. */
const TOKEN =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])\S)+/gu;
const OUTSIDE = /^[^\p{L}\p{N}\p{Sc}]+|[^\p{L}\p{N}\p{Sc}%\u00b0]+$/gu;
/** The longest fact is a date: 3rd of May 2024. */
const MOST_TOKENS = 4;

/**
 * Where a summary says the numbers, dates and codes that its source does not state. Facts are read from a text in which each is written in one
 * way and has no place any more, so each is looked for as the fewest tokens that tell it alone.
 */
export function unstatedSpans(source: string, summary: string): Span[] {
  const wanted = new Set(keysOf(unstated(source, factsOf(summary, 'word'))));
  if (wanted.size === 0) return [];
  const tokens = Array.from(summary.matchAll(TOKEN), ({ 0: text, index }) => ({
    start: index,
    end: index + text.length,
  }));
  const taken = new Set<number>();
  const spans: Span[] = [];
  for (let length = 1; length <= MOST_TOKENS; length++) {
    for (let at = 0; at + length <= tokens.length; at++) {
      const inside = Array.from({ length }, (_, i) => at + i);
      if (inside.some((token) => taken.has(token))) continue;
      const span = { start: tokens[at].start, end: tokens[at + length - 1].end };
      const keys = keysOf(factsOf(summary.slice(span.start, span.end), 'word'));
      if (keys.length !== 1 || !wanted.has(keys[0])) continue;
      for (const token of inside) taken.add(token);
      spans.push(withoutMarks(summary, span));
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** A number without its unit, which may stand in another token. */
function keysOf({ dates, numbers, codes }: Facts): string[] {
  return [
    ...dates.map(({ day, month, year }) => `date ${day} ${month} ${year}`),
    ...numbers.map(({ value }) => `number ${value}`),
    ...codes.map((code) => `code ${code}`),
  ];
}

function withoutMarks(text: string, { start, end }: Span): Span {
  const inner = text.slice(start, end).replace(OUTSIDE, '');
  const from = text.indexOf(inner, start);
  return { start: from, end: from + inner.length };
}
