/** How many tokens the longest common subsequence of two texts has. */
export function commonLength(one: Int32Array, other: Int32Array): number {
  // lengths[j]: of all of `one` so far and the first j of `other`.
  const lengths = new Uint32Array(other.length + 1);
  for (const token of one) {
    let diagonal = 0;
    for (let j = 1; j <= other.length; j++) {
      const above = lengths[j];
      if (token === other[j - 1]) lengths[j] = diagonal + 1;
      else if (lengths[j - 1] > above) lengths[j] = lengths[j - 1];
      diagonal = above;
    }
  }
  return lengths[other.length];
}

/**
 * Marks the places of `reference` that are in its longest common subsequence with `candidate`: of several, the one that
 * rouge_score finds walking back from the end, which prefers to step back in `reference`.
 */
export function markCommon(reference: Int32Array, candidate: Int32Array, marks: Uint8Array): void {
  const width = candidate.length + 1;
  const lengths = new Uint32Array(width);
  // One bit a cell, whether the way back goes left, instead of the whole table: 10,000 words by 10,000 are 12 MB.
  const left = new Uint8Array(((reference.length + 1) * width + 7) >>> 3);
  for (let i = 1; i <= reference.length; i++) {
    let diagonal = 0;
    for (let j = 1; j < width; j++) {
      const above = lengths[j];
      if (reference[i - 1] === candidate[j - 1]) lengths[j] = diagonal + 1;
      else if (lengths[j - 1] > above) {
        lengths[j] = lengths[j - 1];
        const cell = i * width + j;
        left[Math.floor(cell / 8)] |= 1 << (cell % 8);
      }
      diagonal = above;
    }
  }
  let i = reference.length;
  let j = candidate.length;
  while (i > 0 && j > 0) {
    const cell = i * width + j;
    if (reference[i - 1] === candidate[j - 1]) {
      marks[i - 1] = 1;
      i--;
      j--;
    } else if (left[Math.floor(cell / 8)] & (1 << (cell % 8))) j--;
    else i--;
  }
}
