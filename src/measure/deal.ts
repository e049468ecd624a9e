/**
 * The indices of the documents that each of `shares` gets: longest first, dealt back and forth, so that all shares have
 * nearly the same number of tokens and of documents, and finish together.
 */
export function deal(lengths: readonly number[], shares: number): number[][] {
  const dealt: number[][] = Array.from({ length: shares }, () => []);
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[b] - lengths[a] || a - b);
  order.forEach((document, turn) => {
    const place = turn % shares;
    const forth = Math.floor(turn / shares) % 2 === 0;
    dealt[forth ? place : shares - 1 - place].push(document);
  });
  return dealt;
}
