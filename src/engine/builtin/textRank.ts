import { splitSentences } from '../../text/sentences.js';

/** Sentences that are compared, each with each; of a longer document the first ones. */
const MOST_SENTENCES = 1000;
const DAMPING = 0.85;
const ROUNDS = 50;
const ENOUGH = 1e-6;

/** A character of a script without spaces is a word of its own. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+/gu;

/**
 * TextRank (Mihalcea and Tarau, 2004): sentences vote for those that share words with them, and the `count` with the most votes are kept in the
 * order of the text. Of equals the earlier wins, so that the result is always the same.
 */
export function textRank(text: string, count: number): string {
  const sentences: string[] = [];
  for (const { start, end } of splitSentences(text)) {
    sentences.push(text.slice(start, end));
    if (sentences.length === MOST_SENTENCES) break;
  }
  if (sentences.length <= count) return sentences.join(' ');
  const votes = rank(similarities(wordIds(sentences)));
  const best = sentences.map((_, index) => index).sort((a, b) => votes[b] - votes[a] || a - b);
  return best
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((index) => sentences[index])
    .join(' ');
}

/** Each sentence's different words as ascending numbers. */
function wordIds(sentences: readonly string[]): Int32Array[] {
  const numbers = new Map<string, number>();
  return sentences.map((sentence) => {
    const ids = new Set<number>();
    for (const word of sentence.toLowerCase().match(WORD) ?? []) {
      const id = numbers.get(word) ?? numbers.size;
      numbers.set(word, id);
      ids.add(id);
    }
    return Int32Array.from(ids).sort();
  });
}

/** Shared words over the logarithms of both lengths, so that long sentences do not win by their length. */
function similarities(sentences: readonly Int32Array[]): Float64Array[] {
  const matrix = sentences.map(() => new Float64Array(sentences.length));
  for (let a = 0; a < sentences.length; a++) {
    for (let b = a + 1; b < sentences.length; b++) {
      const size = Math.log(sentences[a].length) + Math.log(sentences[b].length);
      const similarity = size > 0 ? shared(sentences[a], sentences[b]) / size : 0;
      matrix[a][b] = similarity;
      matrix[b][a] = similarity;
    }
  }
  return matrix;
}

function shared(a: Int32Array, b: Int32Array): number {
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      count++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return count;
}

/** PageRank over the similarities: a sentence divides its votes among those that it resembles. */
function rank(matrix: readonly Float64Array[]): Float64Array {
  const size = matrix.length;
  const totals = matrix.map((row) => row.reduce((sum, value) => sum + value, 0));
  let votes = new Float64Array(size).fill(1);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size).fill(1 - DAMPING);
    for (let from = 0; from < size; from++) {
      if (totals[from] === 0) continue;
      const share = (DAMPING * votes[from]) / totals[from];
      for (let to = 0; to < size; to++) next[to] += share * matrix[from][to];
    }
    const change = next.reduce((most, value, index) => Math.max(most, Math.abs(value - votes[index])), 0);
    votes = next;
    if (change < ENOUGH) break;
  }
  return votes;
}
