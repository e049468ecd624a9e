import { logSumExp } from '../../../src/engine/search/logSumExp.js';
import type { Candidates, Need, Search } from '../../../src/engine/search/search.js';

export const VOCAB_SIZE = 200;
const EOS = 1;

function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export function documentKey(ids: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < ids.length; i++) sum += ids[i] * (i + 1);
  return sum & 0xfffff;
}

/** The logits of scripts/parity/hash_model.py, bit for bit: every step of it is exact in float32. */
export function hashLogits(
  key: number,
  beforeLast: number,
  last: number,
  length: number,
  eosRate: number,
): Float32Array {
  const context = mix(mix(mix(17, key), last & 15), beforeLast & 3);
  const logits = new Float32Array(VOCAB_SIZE);
  for (let id = 0; id < VOCAB_SIZE; id++) {
    const h = mix(context, id);
    logits[id] = ((h & 0xffe000) | (mix(h, length) & 0x1fff)) / 2 ** 21 - 4;
    if (id === EOS) logits[id] = h >>> 24 < eosRate ? logits[id] / 8 + 4.5 : logits[id] / 2 - 2;
  }
  return logits;
}

/** How the driver answers: exactly what was asked for, or always every logit. */
export type Answers = 'as needed' | 'all';

/** Runs a search to its end as the engine does, with the hash model as the decoder; returns what was asked for, step by step. */
export function drive(search: Search, document: ArrayLike<number>, eosRate: number, answers: Answers): Need[] {
  const key = documentKey(document);
  let before = new Int32Array(search.rows);
  const asked: Need[] = [];
  while (!search.done) {
    const need = search.need();
    asked.push(need);
    const rows = Array.from(search.tokens, (last, row) => hashLogits(key, before[row], last, asked.length, eosRate));
    const last = search.tokens.slice();
    search.advance(candidatesOf(rows, answers === 'all' ? { kind: 'all' } : need));
    before = search.parents ? search.parents.map((parent) => last[parent]) : last;
  }
  return asked;
}

export function candidatesOf(rows: readonly Float32Array[], need: Need): Candidates {
  const denominators = Float32Array.from(rows, logSumExp);
  if (need.kind === 'all') {
    const logits = new Float32Array(rows.length * VOCAB_SIZE);
    for (let row = 0; row < rows.length; row++) logits.set(rows[row], row * VOCAB_SIZE);
    return { stride: VOCAB_SIZE, ids: null, logits, logSumExp: denominators };
  }
  const stride = need.kind === 'argmax' ? 1 : need.count;
  const ids = new Int32Array(rows.length * stride);
  const logits = new Float32Array(rows.length * stride);
  for (let row = 0; row < rows.length; row++) {
    const values = rows[row];
    const best = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
    for (let i = 0; i < stride; i++) {
      ids[row * stride + i] = best[i];
      logits[row * stride + i] = values[best[i]];
    }
  }
  return need.kind === 'best'
    ? { stride, ids, logits, logSumExp: denominators }
    : { stride, ids, logits: null, logSumExp: null };
}
