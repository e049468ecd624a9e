import { expect, it } from 'vitest';
import { TextIndex } from '../../src/predict/texts/textIndex.js';

it('keeps texts of one hash apart, and of neighbouring hashes', () => {
  const index = new TextIndex();
  const hashes = [7, 7, 7, 8, 7 + 1024, -1, 0];
  for (const [number, hash] of hashes.entries()) index.add(hash, number);
  for (const [number, hash] of hashes.entries()) expect(index.find(hash, (found) => found === number)).toBe(number);
  expect(index.find(7, () => false)).toBe(-1);
  expect(index.find(9, () => true)).toBe(-1);
});

it('grows, and forgets what is older than the oldest', () => {
  const index = new TextIndex();
  const hash = (number: number) => Math.imul(number, 0x9e3779b1) >> 8;
  for (let number = 0; number < 50_000; number++) {
    index.add(hash(number), number);
    index.oldest = Math.max(0, number - 3000);
  }
  const found = (number: number) => index.find(hash(number), (other) => other === number);
  expect([46_999, 48_000, 49_999].map(found)).toEqual([46_999, 48_000, 49_999]);
  expect([0, 40_000, 46_998].map(found)).toEqual([-1, -1, -1]);
});
