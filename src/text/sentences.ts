import { BEFORE_NAME, BEFORE_NUMBER, FIRST_WORDS, MONTHS, NEVER_LAST, SOMETIMES_LAST } from './abbreviations.js';

/** A sentence's place in its text, without the white space around it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What may end a sentence: a run of stops, or an empty line. */
const CANDIDATE =
  /[.!?\u2026\u203c\u2047-\u2049\u3002\uff0e\uff01\uff1f\uff61\u061f\u06d4\u0964\u0965\u0589\u1362\u104b\u17d4\u17d5]+|\n[^\S\n]*\n|\u2029/gu;

/** Stops of scripts that put no space behind them, or no other sense into them. */
const ALWAYS_ENDS = /[\u3002\uff01\uff1f\uff61\u203c\u2047-\u2049\u0964\u0965\u0589\u1362\u104b\u17d4\u17d5]$/u;
/** The full-width full stop is also a decimal point. */
const FULL_WIDTH_STOP = /\uff0e$/u;

/** What still belongs to the sentence: closing quotes and brackets, notes like [3], a picture without a space. */
const TAIL =
  /(?:["'\u2019\u201d\u00bb\u203a)\]}\uff09\uff3d\uff5d\u300d\u300f\u3011\u3015\u300b\u3009*_]|\[\d{1,3}\]|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\u200d)+/uy;
const BREAK = /\s*/uy;
/** The next sentence's first letter or digit, behind opening quotes and brackets. */
const NEXT_WORD = /["'\u2018\u201c\u201e\u00ab\u2039([{\u00bf\u00a1*_\u2013\u2014-]*([\p{L}\p{M}\p{N}'\u2019]*)/uy;
/** The word that a full stop stands behind: letters, digits and inner stops. */
const LAST_WORD = /[\p{L}\p{M}\p{N}.]*$/u;
const LONGEST_WORD = 40;
/** A Japanese quotation that goes on: `\u300c...\u300d` followed by to or tte. */
const QUOTED_ON = /[\u300d\u300f](?:\u3068|\u3063\u3066)/uy;

/**
 * The sentences of a text, one after the other, found as they are asked for. Rules, no model: a stop ends a sentence unless what stands before
 * it is an abbreviation, an initial or a number in a list, or what stands behind it begins in lower case. An empty line always does.
 */
export function* splitSentences(text: string): Generator<Span> {
  let start = skipSpace(text, 0);
  for (const match of text.matchAll(CANDIDATE)) {
    const stop = match.index;
    if (stop < start) continue;
    if (/\s/u.test(match[0][0])) {
      if (stop > start) yield { start, end: trimmedEnd(text, start, stop) };
      start = skipSpace(text, stop);
      continue;
    }
    const end = stickyEnd(TAIL, text, stop + match[0].length);
    if (!endsHere(text, start, stop, match[0], end)) continue;
    yield { start, end };
    start = skipSpace(text, end);
  }
  if (start < text.length) yield { start, end: trimmedEnd(text, start, text.length) };
}

function endsHere(text: string, start: number, stop: number, stops: string, end: number): boolean {
  if (end === text.length) return true;
  if (ALWAYS_ENDS.test(stops)) {
    QUOTED_ON.lastIndex = end - 1;
    return !QUOTED_ON.test(text);
  }
  const next = skipSpace(text, end);
  const after = stop + stops.length;
  if (FULL_WIDTH_STOP.test(stops)) return next > end || !/^[\p{N}\p{sc=Latin}]/u.test(text.slice(after, after + 1));
  if (next === end) return false;
  if (next === text.length) return true;
  const following = wordAt(text, next);
  if (/^\p{Ll}/u.test(following)) return false;
  if (stops !== '.') return true;
  return !staysOpen(text, start, stop, following);
}

/** Whether a single full stop belongs to the word before it and to nothing else. */
function staysOpen(text: string, start: number, stop: number, following: string): boolean {
  const before = LAST_WORD.exec(text.slice(Math.max(start, stop - LONGEST_WORD), stop))![0];
  const word = before.toLowerCase();
  if (word === '') return false;
  if (/^\d{1,3}$/.test(word)) return stop - word.length === start || (word.length < 3 && MONTHS.has(following));
  if (NEVER_LAST.has(word) || BEFORE_NAME.has(before)) return true;
  // The end of a code, as in Z822-B.
  if (/[\p{L}\p{N}]-\p{Lu}$/u.test(text.slice(Math.max(start, stop - LONGEST_WORD), stop))) return false;
  // An initial, though `p` is a page. "I" is a word of its own more often than not.
  if (/^\p{Lu}$/u.test(before) && before !== 'I' && /^\p{Lu}/u.test(following)) return true;
  if (BEFORE_NUMBER.has(word)) return /^\p{N}/u.test(following);
  if (SOMETIMES_LAST.has(word)) return !FIRST_WORDS.has(following);
  // Initials without spaces and abbreviations of several letters: J.K. Rowling, U.S.S.R.
  if (/^(?:\p{L}\.)+\p{L}$/u.test(before)) return !FIRST_WORDS.has(following);
  return false;
}

function wordAt(text: string, at: number): string {
  NEXT_WORD.lastIndex = at;
  return NEXT_WORD.exec(text)![1];
}

function skipSpace(text: string, at: number): number {
  return stickyEnd(BREAK, text, at);
}

/** Where a sticky pattern that matches at `at` ends; `at` itself when it does not. */
function stickyEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}
