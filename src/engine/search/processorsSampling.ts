import type { ResolvedOptions } from './resolvedOptions.js';

/** Candidates of one row, to be narrowed in place; the first `count` entries are valid. */
export interface Pool {
  ids: Int32Array;
  logits: Float32Array;
  count: number;
}

type WarperOptions = Pick<ResolvedOptions, 'temperature' | 'topK' | 'topP' | 'minP'>;

/** HF's warpers in HF's order: temperature, top-k, top-p, min-p. At least one candidate is always left. */
export function warp(pool: Pool, { temperature, topK, topP, minP }: WarperOptions): void {
  if (temperature !== 1) for (let i = 0; i < pool.count; i++) pool.logits[i] /= temperature;
  if (topK > 0 && pool.count > topK) keepFrom(pool, descending(pool)[topK - 1]);
  if (topP < 1) keepFrom(pool, nucleusThreshold(pool, topP));
  if (minP > 0) keepFrom(pool, largestOf(pool) + Math.log(minP));
}

/** exp(logit - largest) of every candidate, and their sum. */
export function weights(pool: Pool): { weights: Float64Array; sum: number; largest: number } {
  const largest = largestOf(pool);
  const values = new Float64Array(pool.count);
  let sum = 0;
  for (let i = 0; i < pool.count; i++) {
    values[i] = Math.exp(pool.logits[i] - largest);
    sum += values[i];
  }
  return { weights: values, sum, largest };
}

function descending(pool: Pool): Float32Array {
  return pool.logits.slice(0, pool.count).sort().reverse();
}

function largestOf(pool: Pool): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < pool.count; i++) if (pool.logits[i] > largest) largest = pool.logits[i];
  return largest;
}

/** The smallest logit of the nucleus: a candidate is out once the ones before it hold topP of the probability. */
function nucleusThreshold(pool: Pool, topP: number): number {
  const sorted = descending(pool);
  let sum = 0;
  for (const logit of sorted) sum += Math.exp(logit - sorted[0]);
  let before = Math.exp(0);
  let last = 0;
  while (last + 1 < sorted.length && before < topP * sum) before += Math.exp(sorted[++last] - sorted[0]);
  return sorted[last];
}

/** Equal logits share their fate, as in HF's top-k. */
function keepFrom(pool: Pool, threshold: number): void {
  let kept = 0;
  for (let i = 0; i < pool.count; i++) {
    if (pool.logits[i] < threshold) continue;
    pool.logits[kept] = pool.logits[i];
    pool.ids[kept++] = pool.ids[i];
  }
  pool.count = kept;
}
