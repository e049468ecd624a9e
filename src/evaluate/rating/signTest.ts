import type { Share } from './types.js';

/** Of the normal distribution: between it and its negative lie 95%. */
const Z95 = 1.959963984540054;

/** Two-sided and exact: how likely two equals part `wins` + `losses` rows at least as unevenly as this. Null without a row. */
export function signTest(wins: number, losses: number): number | null {
  const rows = wins + losses;
  if (rows === 0) return null;
  // In logarithms, because 2^-rows leaves the range of a number at 1,075 rows.
  let log = -rows * Math.LN2;
  let tail = 0;
  for (let fewer = 0; fewer <= Math.min(wins, losses); fewer++) {
    tail += Math.exp(log);
    log += Math.log((rows - fewer) / (fewer + 1));
  }
  return Math.min(1, 2 * tail);
}

/** Wilson's score interval, which stays between 0 and 1 and is of use for few rows too. Null without a row. */
export function wilson(hits: number, of: number): Share | null {
  if (of === 0) return null;
  const share = hits / of;
  const spread = Z95 ** 2 / of;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / of + spread / of / 4)) / (1 + spread);
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half), of };
}
