import { describe, expect, it } from 'vitest';
import { deal } from '../../src/measure/deal.js';

describe('deal', () => {
  it('gives every document to exactly one share', () => {
    const dealt = deal([5, 3, 9, 1, 7], 2);
    expect(dealt.flat().sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('deals back and forth, longest first', () => {
    expect(deal([10, 40, 20, 30], 2)).toEqual([
      [1, 0],
      [3, 2],
    ]);
  });

  it('leaves no share with many more tokens than another', () => {
    const lengths = Array.from({ length: 192 }, (_, i) => 32 + ((i * 7919) % 480));
    const sums = deal(lengths, 2).map((share) => share.reduce((sum, index) => sum + lengths[index], 0));
    expect(Math.abs(sums[0] - sums[1])).toBeLessThan(512);
  });

  it('leaves shares empty when there are fewer documents than shares', () => {
    expect(deal([4], 3)).toEqual([[0], [], []]);
  });
});
