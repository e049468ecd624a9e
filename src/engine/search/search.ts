import type { GeneratedSequence } from '../types.js';

/**
 * What a search wants to see of the next distribution of each of its rows:
 * - `argmax`: only the best id (plain greedy without processors: the graph answers with ids alone);
 * - `ranked`: the `count` best ids in descending order, without their logits (greedy that bans some tokens but weighs none);
 * - `best`: the `count` best ids with their logits, exact and in descending order, and the log of the softmax' denominator;
 * - `all`: every logit (sampling without top-k, penalties below 1, ...).
 */
export type Need = { kind: 'argmax' } | { kind: 'ranked' | 'best'; count: number } | { kind: 'all' };

/** The next distribution of the rows of one search. Row r's entries start at r * stride. */
export interface Candidates {
  /** Candidates a row: 1 for argmax, >= count for ranked and best; for all the vocabulary padded to whole blocks, whose last columns are no tokens. */
  readonly stride: number;
  /** Token ids, descending by logit; null for `all`, where the position is the id. */
  readonly ids: Int32Array | null;
  /** Raw logits; null for `argmax` and `ranked`. */
  readonly logits: Float32Array | null;
  /** log(sum(exp(logits))) over the whole vocabulary, one a row; null for `argmax` and `ranked`. */
  readonly logSumExp: Float32Array | null;
}

/**
 * All the search state of one document. The engine asks `need()`, runs the decoder on `tokens`, hands the result to `advance()`,
 * and repeats until `done`. Rows of one search share the document's encoding; after `advance`, row r descends from row `parents[r]`.
 */
export interface Search {
  /** Decoder rows it occupies, constant: 1, numBeams or numReturnSequences. */
  readonly rows: number;
  readonly done: boolean;
  /** The input token of each row for the next decoder step. */
  readonly tokens: Int32Array;
  /** Row r of the next step continues what row parents[r] of the last step was; null when every row continues itself. */
  readonly parents: Int32Array | null;
  need(): Need;
  advance(candidates: Candidates): void;
  /** The sequences, best first; only once done. */
  results(): GeneratedSequence[];
}
