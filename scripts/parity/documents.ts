import { createRandom } from '../../src/engine/search/random.js';

export interface DocumentsOf {
  readonly count: number;
  readonly shortest: number;
  readonly longest: number;
  readonly vocabSize: number;
  readonly seed?: number;
}

/** Ids below are special. */
const FIRST_ID = 3;
const END_TOKEN = 1;

/** Seeded token ids, the end token last; every length from the shortest to the longest is as likely as another, in no order. */
export function mixedDocuments({ count, shortest, longest, vocabSize, seed = 1 }: DocumentsOf): Int32Array[] {
  const random = createRandom(seed, Int32Array.of(), 0);
  return Array.from({ length: count }, () => {
    const length = shortest + Math.floor(random() * (longest - shortest + 1));
    const ids = Int32Array.from({ length }, () => FIRST_ID + Math.floor(random() * (vocabSize - FIRST_ID)));
    ids[length - 1] = END_TOKEN;
    return ids;
  });
}
