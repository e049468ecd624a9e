import { expect, it } from 'vitest';
import { median, ratios, sameOutputs, spread } from '../../bench/statistics.js';

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

it('compares whole outputs', () => {
  expect(sameOutputs([[1, 2], [3], [4], [5]], [[1, 2], [3, 4], [4], [6]])).toBe(0.5);
});
