/** The middle of some figures, and between which they lie. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Repetition i of both sides ran side by side, so the ratio is taken pair by pair: a slow minute of the machine then falls on both. */
export function ratios(ours: readonly number[], peer: readonly number[]): number[] {
  return ours.map((value, i) => value / peer[i]);
}
