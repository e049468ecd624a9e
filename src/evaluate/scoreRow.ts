import { faithful } from './measures/faithful.js';
import { faithfulNames } from './measures/names.js';
import { sourceOverlap } from './measures/overlap.js';
import { rouge } from './rouge/rouge.js';
import type { Judged, RowScores } from './types.js';

/** All that can be measured of a row without a model; `judge` is null until one has read it. */
export function scoreRow({ source, summary, reference }: Judged): RowScores {
  const rouges = reference === null ? null : rouge(reference, summary);
  return {
    rouge1: rouges ? rouges.rouge1.f1 : null,
    rouge2: rouges ? rouges.rouge2.f1 : null,
    rougeL: rouges ? rouges.rougeL.f1 : null,
    rougeLsum: rouges ? rouges.rougeLsum.f1 : null,
    faithful: faithful(source, summary),
    faithfulNames: faithfulNames(source, summary),
    ...sourceOverlap(source, summary),
    judge: null,
  };
}
