import { expect, it } from 'vitest';
import { lastParts } from '../../src/predict/texts/lastParts.js';

it.each<[rows: number, workers: number, parts: number[]]>([
  [0, 2, []],
  [1, 2, [1]],
  [30, 2, [15, 15]],
  [5, 4, [2, 2, 1]],
  [96, 2, [48, 48]],
  [150, 2, [75, 75]],
  [300, 2, [75, 75, 75, 75]],
  [700, 2, [256, 256, 94, 94]],
  [768, 2, [256, 256, 64, 64, 64, 64]],
  [100, 1, [50, 50]],
  [1000, 4, [125, 125, 125, 125, 63, 63, 63, 63, 62, 62, 62, 62]],
])('%i texts for %i workers', (rows, workers, parts) => {
  const dealt = lastParts(rows, workers, 256);
  expect(dealt.reduce((sum, part) => sum + part, 0)).toBe(rows);
  expect(dealt).toEqual(parts);
});
