import { describe, expect, it } from 'vitest';
import { signTest, wilson } from '../../src/evaluate/rating/signTest.js';

/** Exact fractions of math.comb in Python. */
describe('the sign test', () => {
  it.each([
    [1, 0, 1],
    [5, 0, 0.0625],
    [8, 2, 0.109375],
    [2, 8, 0.109375],
    [10, 0, 0.001953125],
    [3, 3, 1],
    [4, 3, 1],
    [15, 5, 0.04138946533203125],
    [60, 40, 0.05688793364098079],
    [700, 600, 0.0060157938610449525],
    [1200, 1000, 2.1817026407914712e-5],
    [3000, 2000, 1.3002310005203771e-45],
    [0, 2000, 0],
  ])('%d to %d: p = %d', (wins, losses, p) => {
    const found = signTest(wins, losses)!;
    expect(Math.abs(found - p)).toBeLessThanOrEqual(1e-10 * p);
  });

  it('says nothing of nothing', () => expect(signTest(0, 0)).toBeNull());
});

/** 40 digits of Python's decimal. */
describe("Wilson's interval", () => {
  it.each([
    [0, 1, 0, 0.7934506856227627],
    [1, 1, 0.2065493143772374, 1],
    [8, 10, 0.4901624715366417, 0.9433178485456247],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371107, 1],
    [50, 100, 0.4038315303659956, 0.5961684696340044],
    [333, 1000, 0.3044779033483562, 0.3628002339858192],
  ])('of %d in %d is %d to %d', (hits, of, low, high) => {
    const found = wilson(hits, of)!;
    expect(found.low).toBeCloseTo(low, 12);
    expect(found.high).toBeCloseTo(high, 12);
    expect(found).toMatchObject({ share: hits / of, of });
  });

  it('says nothing of nothing', () => expect(wilson(0, 0)).toBeNull());
});
