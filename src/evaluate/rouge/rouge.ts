import { commonLength, markCommon } from './lcs.js';
import { rougeTokens, Vocabulary } from './tokens.js';

export interface Overlap {
  /** The share of the summary that the reference has. */
  readonly precision: number;
  /** The share of the reference that the summary has. */
  readonly recall: number;
  readonly f1: number;
}

export interface RougeScores {
  readonly rouge1: Overlap;
  readonly rouge2: Overlap;
  readonly rougeL: Overlap;
  /** As rougeL, but line by line: a line of the reference counts what it has in common with any line of the summary. */
  readonly rougeLsum: Overlap;
}

/** Equal to Google's rouge_score 0.1.2: RougeScorer([...], use_stemmer=True).score(reference, summary). */
export function rouge(reference: string, summary: string): RougeScores {
  const vocabulary = new Vocabulary();
  const expected = vocabulary.numbersOf(rougeTokens(reference));
  const found = vocabulary.numbersOf(rougeTokens(summary));
  const expectedLines = linesOf(reference, expected, vocabulary);
  const foundLines = linesOf(summary, found, vocabulary);
  const rougeL = overlap(commonLength(expected, found), expected.length, found.length);
  const oneLineEach = expectedLines.length === 1 && foundLines.length === 1;
  return {
    rouge1: pairOverlap(expected, found),
    rouge2: pairOverlap(pairsOf(expected, vocabulary), pairsOf(found, vocabulary)),
    rougeL,
    rougeLsum: oneLineEach
      ? rougeL
      : overlap(unionHits(expectedLines, foundLines, vocabulary.size), expected.length, found.length),
  };
}

function linesOf(text: string, whole: Int32Array, vocabulary: Vocabulary): Int32Array[] {
  // Only \n parts lines, as in rouge_score.
  if (!text.includes('\n')) return [whole];
  return text.split('\n').map((line) => vocabulary.numbersOf(rougeTokens(line)));
}

/** Two tokens in a row as one number. */
function pairsOf(tokens: Int32Array, vocabulary: Vocabulary): Float64Array {
  return Float64Array.from(tokens.subarray(1), (token, before) => tokens[before] * vocabulary.size + token);
}

/** A token that is repeated counts as often as both have it. */
function pairOverlap(expected: ArrayLike<number>, found: ArrayLike<number>): Overlap {
  const left = new Map<number, number>();
  for (let at = 0; at < expected.length; at++) left.set(expected[at], (left.get(expected[at]) ?? 0) + 1);
  let common = 0;
  for (let at = 0; at < found.length; at++) {
    const count = left.get(found[at]) ?? 0;
    if (count === 0) continue;
    common++;
    left.set(found[at], count - 1);
  }
  return overlap(common, expected.length, found.length);
}

/** Tokens of the reference's lines that are in common with some line; none more often than either text has it. */
function unionHits(expectedLines: readonly Int32Array[], foundLines: readonly Int32Array[], tokens: number): number {
  // Every hit is a token of the reference at a place of its own, so that only the summary's tokens can be used up.
  const left = new Uint32Array(tokens);
  for (const line of foundLines) for (const token of line) left[token]++;
  let hits = 0;
  for (const expected of expectedLines) {
    const marks = new Uint8Array(expected.length);
    for (const found of foundLines) markCommon(expected, found, marks);
    expected.forEach((token, at) => {
      if (marks[at] === 0 || left[token] === 0) return;
      left[token]--;
      hits++;
    });
  }
  return hits;
}

function overlap(common: number, expected: number, found: number): Overlap {
  const precision = common / Math.max(found, 1);
  const recall = common / Math.max(expected, 1);
  return { precision, recall, f1: common === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
