import { Rng } from './rng.js';
import { genresOf, type Split, splitKey } from './splits.js';
import { type Lengths, type Story, tell } from './story.js';

export const DEFAULT_LENGTHS: Lengths = { least: 60, most: 700 };

/** Document `number` of a split: the same whoever asks, whatever was made before. */
export function documentOf(split: Split, number: number, seed = 1, lengths: Lengths = DEFAULT_LENGTHS): Story {
  const rng = new Rng(seed, splitKey(split), number);
  return tell(rng.pick(genresOf(split)), rng, lengths);
}
