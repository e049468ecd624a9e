import { createRandom } from '../../engine/search/random.js';
import { PrecisError } from '../../errors.js';
import type { Difference, Estimate } from '../types.js';

export interface BootstrapOptions {
  readonly seed: number;
  /** How many times rows are drawn anew: 1000 unless told. */
  readonly samples?: number;
}

type Values = readonly (number | null)[];

const DEFAULT_SAMPLES = 1000;
const OUTSIDE_A_SIDE = 0.025;

/** The mean of the rows that have a value, and where 95% of the means lie if rows are drawn anew; null if no row has one. */
export function estimate(values: Values, options: BootstrapOptions): Estimate | null {
  const present = Float64Array.from(values.filter((value) => value !== null));
  return present.length === 0 ? null : interval(present, sampledMeans(present, options));
}

/**
 * How much `one` is above `other` on the rows where both have a value, null if there are none. The rows are drawn in
 * pairs: what makes a row hard for both does not widen the interval.
 */
export function difference(one: Values, other: Values, options: BootstrapOptions): Difference | null {
  if (one.length !== other.length) {
    throw new PrecisError('internal', {
      found: `${one.length} rows to be compared with ${other.length}`,
      expected: 'the same rows on both sides',
      action: 'give both in the order of one table',
    });
  }
  const pairs = one.map((value, row) => [value, other[row]]).filter((pair) => pair[0] !== null && pair[1] !== null);
  const differences = Float64Array.from(pairs, ([a, b]) => a! - b!);
  if (differences.length === 0) return null;
  const means = sampledMeans(differences, options);
  return { ...interval(differences, means), p: twoSided(means, differences.length) };
}

/** Means of as many rows, drawn with putting back, in ascending order. */
function sampledMeans(values: Float64Array, { seed, samples = DEFAULT_SAMPLES }: BootstrapOptions): Float64Array {
  // Nothing but the seed: all metrics of an evaluation draw the same rows.
  const random = createRandom(seed, new Int32Array(0), 0);
  const means = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    let sum = 0;
    for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(random() * values.length)];
    means[sample] = sum / values.length;
  }
  return means.sort();
}

function interval(values: Float64Array, means: Float64Array): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const outside = OUTSIDE_A_SIDE * (means.length - 1);
  return {
    mean,
    // Rounding must not put the mean of equal values outside of its own interval.
    low: Math.min(mean, between(means, outside)),
    high: Math.max(mean, between(means, means.length - 1 - outside)),
    rows: values.length,
  };
}

/** The value at a place between two neighbours of a sorted row. */
function between(sorted: Float64Array, place: number): number {
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** Twice the share of sampled means on the other side of zero: below 0.05 where the 95% interval leaves zero out. */
function twoSided(means: Float64Array, rows: number): number {
  let below = 0;
  let above = 0;
  for (const mean of means) {
    if (mean <= 0) below++;
    if (mean >= 0) above++;
  }
  const bySamples = (2 * (Math.min(below, above) + 1)) / (means.length + 1);
  // Rows that all point one way do so by chance with 2 / 2^rows; resampling alone would call two such rows proof.
  return Math.min(1, Math.max(bySamples, 2 ** (1 - rows)));
}
