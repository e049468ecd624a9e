import { Rng } from './rng.js';
import { genresOf, type Split, splitKey } from './splits.js';
import { type Lengths, type Story, tell } from './story.js';

export const DEFAULT_LENGTHS: Lengths = { least: 60, most: 700 };

/** Document `number` of a split: the same whoever asks, whatever was made before. Of some genres only, it is another than of all. */
export function documentOf(
  split: Split,
  number: number,
  seed = 1,
  lengths: Lengths = DEFAULT_LENGTHS,
  genres?: readonly string[],
): Story {
  const rng = new Rng(seed, splitKey(split), number);
  const among = genresOf(split).filter(({ name }) => genres === undefined || genres.includes(name));
  return tell(rng.pick(among), rng, lengths);
}
