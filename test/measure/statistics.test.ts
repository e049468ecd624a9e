import { expect, it } from 'vitest';
import { median, ratios, spread } from '../../src/measure/statistics.js';

it.each([
  { values: [3], expected: 3 },
  { values: [10, 2, 9], expected: 9 },
  { values: [4, 1, 3, 2], expected: 2.5 },
])('the median of $values is $expected', ({ values, expected }) => {
  expect(median(values)).toBe(expected);
});

it('takes ratios pair by pair', () => {
  // The machine was twice as slow during the second pair: the ratio of the medians would not be 2.
  expect(spread(ratios([20, 10, 20], [10, 5, 10]))).toEqual({ median: 2, min: 2, max: 2 });
});
