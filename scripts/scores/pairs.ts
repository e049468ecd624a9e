import { DEFAULT_LENGTHS } from '../corpus/documents.js';
import { type Pair, pairOf, type Task } from '../corpus/pairs.js';
import { genresOf, type Split } from '../corpus/splits.js';

/** The genre whose classification and extraction are told apart from the others'. */
export const TICKETS = 'support ticket';
const SEED = 1;

/** So many pairs of each genre of a split, by its name: the first that the generator makes. */
export function pairsByGenre(split: Split, task: Task, count: number): Map<string, Pair[]> {
  const pairs = new Map(genresOf(split).map(({ name }) => [name, [] as Pair[]]));
  let missing = pairs.size * count;
  for (let number = 0; missing > 0; number++) {
    const pair = pairOf(split, number, SEED, DEFAULT_LENGTHS, { only: task });
    const found = pairs.get(pair.genre)!;
    if (found.length === count) continue;
    found.push(pair);
    missing -= 1;
  }
  return pairs;
}

/** So many of all genres, or of one, as they come. */
export function somePairs(split: Split, task: Task, count: number, genre?: string): Pair[] {
  const pairs: Pair[] = [];
  for (let number = 0; pairs.length < count; number++) {
    const pair = pairOf(split, number, SEED, DEFAULT_LENGTHS, { only: task });
    if (genre === undefined || pair.genre === genre) pairs.push(pair);
  }
  return pairs;
}
