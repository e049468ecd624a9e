import { type Span, splitSentences } from './sentences.js';

export interface SplitRequest {
  /** Tokens that a part may have, as `count` counts them. */
  readonly limit: number;
  /** Tokens of a text as the model would read it: a prefix and end tokens included, nothing cut. */
  readonly count: (text: string) => number;
  /** Sentences at most that a part repeats from the end of the one before it; they take no more than a quarter of its room. */
  readonly overlap: number;
}

/** A stretch of the text with the white space behind it. */
interface Unit extends Span {
  /** Of it alone, without prefix and end tokens. */
  readonly tokens: number;
}

const WORD_WITH_SPACE = /\S+\s*|\s+/gu;

/**
 * Cuts a text into parts that fit a model, at the ends of sentences. A sentence that does not fit is cut between words, a word that does not
 * fit between characters. Without their overlaps the parts are the whole text. Every token is counted a few times, whatever the length.
 */
export function splitDocument(text: string, request: SplitRequest): Span[] {
  const empty = request.count('');
  const room = request.limit - empty;
  if (room < 1) return [];
  const tokensOf = (start: number, end: number) => request.count(text.slice(start, end)) - empty;
  const units: Unit[] = [];
  for (const { start, end } of wholeSentences(text)) {
    const tokens = tokensOf(start, end);
    if (tokens <= room) units.push({ start, end, tokens });
    else for (const unit of cutSentence(text, start, end, room, tokensOf)) units.push(unit);
  }
  return pack(units, room, request.overlap, tokensOf);
}

/** Sentences that reach from the one before to the next, so that nothing is between them. */
function* wholeSentences(text: string): Generator<Span> {
  let start: number | null = null;
  for (const sentence of splitSentences(text)) {
    if (start !== null) yield { start, end: sentence.start };
    start = start === null ? 0 : sentence.start;
  }
  yield { start: start ?? 0, end: text.length };
}

type TokensOf = (start: number, end: number) => number;

/** Between words, packed as full as they go; words that do not fit are cut themselves. */
function cutSentence(text: string, start: number, end: number, room: number, tokensOf: TokensOf): Unit[] {
  const words: Unit[] = [];
  for (const match of text.slice(start, end).matchAll(WORD_WITH_SPACE)) {
    const [from, to] = [start + match.index, start + match.index + match[0].length];
    const tokens = tokensOf(from, to);
    if (tokens <= room) words.push({ start: from, end: to, tokens });
    else for (const piece of cutWord(text, from, to, room, tokensOf)) words.push(piece);
  }
  return pack(words, room, 0, tokensOf);
}

/** The longest beginnings that fit, found by halving. A character that does not fit alone stands alone all the same. */
function cutWord(text: string, start: number, end: number, room: number, tokensOf: TokensOf): Unit[] {
  const pieces: Unit[] = [];
  for (let from = start; from < end; ) {
    // No token is longer than its text, and hardly any has more than 16 characters.
    let fits = from + 1;
    let tooFar = Math.min(end, from + 16 * room) + 1;
    while (tooFar - fits > 1) {
      const middle = (fits + tooFar) >> 1;
      if (tokensOf(from, middle) <= room) fits = middle;
      else tooFar = middle;
    }
    const to = characterEnd(text, from, fits, end);
    pieces.push({ start: from, end: to, tokens: tokensOf(from, to) });
    from = to;
  }
  return pieces;
}

/** Not between the halves of a surrogate pair: back by one, or on by one if nothing else is in the piece. */
function characterEnd(text: string, from: number, at: number, end: number): number {
  const splitsPair = at < end && (text.codePointAt(at - 1) as number) > 0xffff;
  if (!splitsPair) return at;
  return at - 1 > from ? at - 1 : at + 1;
}

/** Joins neighbours as long as they fit together. Tokens of a whole are nearly the sum of its parts'; nearly, so every part is counted again. */
function pack(units: readonly Unit[], room: number, overlap: number, tokensOf: TokensOf): Unit[] {
  const parts: Unit[] = [];
  for (let first = 0, next = 0; next < units.length; ) {
    let sum = 0;
    let last = first;
    while (last < units.length && (last === first || sum + units[last].tokens <= room)) sum += units[last++].tokens;
    let tokens = tokensOf(units[first].start, units[last - 1].end);
    while (tokens > room && last > first + 1) tokens = tokensOf(units[first].start, units[--last - 1].end);
    if (last <= next) {
      // The repeated sentences leave no room for a new one.
      first = next;
      continue;
    }
    parts.push({ start: units[first].start, end: units[last - 1].end, tokens });
    next = last;
    first = next;
    let repeated = 0;
    while (next - first < overlap && first > 0 && repeated + units[first - 1].tokens <= room / 4) {
      first--;
      repeated += units[first].tokens;
    }
  }
  return parts;
}
