/** What a condition says of a row: no, yes, or null, which is neither. */
export type Truth = Uint8Array;
export const NO = 0;
export const YES = 1;
export const UNKNOWN = 2;

/** By 3 * left + right. */
const AND = Uint8Array.of(0, 0, 0, 0, 1, 2, 0, 2, 2);
const OR = Uint8Array.of(0, 1, 2, 1, 1, 1, 2, 1, 2);
const NOT = Uint8Array.of(1, 0, 2);

export function joinTruth(kind: 'and' | 'or', left: Truth, right: Truth): Truth {
  const table = kind === 'and' ? AND : OR;
  for (let row = 0; row < left.length; row++) left[row] = table[left[row] * 3 + right[row]];
  return left;
}

export function negateTruth(inner: Truth): Truth {
  for (let row = 0; row < inner.length; row++) inner[row] = NOT[inner[row]];
  return inner;
}

/** Rows without a value are neither. */
export function withUnknown(truth: Truth, ...valids: readonly (Uint8Array | null)[]): Truth {
  for (const valid of valids) {
    if (valid === null) continue;
    for (let row = 0; row < truth.length; row++) if (!valid[row]) truth[row] = UNKNOWN;
  }
  return truth;
}
