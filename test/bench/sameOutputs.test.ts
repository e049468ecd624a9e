import { expect, it } from 'vitest';
import { sameOutputs } from '../../bench/sameOutputs.js';

it('compares whole outputs', () => {
  expect(sameOutputs([[1, 2], [3], [4], [5]], [[1, 2], [3, 4], [4], [6]])).toBe(0.5);
});
