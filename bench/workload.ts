import { createRandom } from '../src/engine/search/random.js';

export const LEAST_TOKENS = 32;
export const MOST_TOKENS = 512;
/** Documents lie this far below the most tokens on average before clipping, which brings their mean to about 430. */
const MEAN_GAP = 85;
/** Ids below are special; the vocabulary's end holds T5's sentinels. */
const FIRST_ID = 3;
const LAST_ID = 31_999;
const END_TOKEN = 1;

/** Documents as token ids, the end token included: mostly near the limit, with a tail of short ones, as news articles cut at 512 tokens are. */
export function makeDocuments(count: number, seed = 1): number[][] {
  const random = createRandom(seed, Int32Array.of(), 0);
  return Array.from({ length: count }, () => {
    const gap = -Math.log(1 - random()) * MEAN_GAP;
    const length = Math.max(LEAST_TOKENS, Math.round(MOST_TOKENS - gap));
    const ids = Array.from({ length: length - 1 }, () => FIRST_ID + Math.floor(random() * (LAST_ID - FIRST_ID + 1)));
    return [...ids, END_TOKEN];
  });
}
