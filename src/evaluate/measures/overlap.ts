import { wordsOf } from './words.js';

export interface SourceOverlap {
  readonly copied: number | null;
  readonly novelty: number | null;
  readonly repeated: number | null;
  readonly words: number;
  readonly compression: number | null;
}

const COPIED_WORDS = 3;

/** How a summary's words relate to its source's; null where it is too short to tell. */
export function sourceOverlap(source: string, summary: string): SourceOverlap {
  const sourceWords = wordsOf(source);
  const words = wordsOf(summary);
  const grams = gramsOf(words, COPIED_WORDS);
  const sourceGrams = new Set(gramsOf(sourceWords, COPIED_WORDS));
  const known = new Set(sourceWords);
  return {
    copied: share(grams, (gram) => sourceGrams.has(gram)),
    novelty: share(words, (word) => !known.has(word)),
    repeated: repeatedShare(grams),
    words: words.length,
    compression: sourceWords.length === 0 ? null : words.length / sourceWords.length,
  };
}

function gramsOf(words: readonly string[], length: number): string[] {
  const grams: string[] = [];
  for (let at = 0; at + length <= words.length; at++) grams.push(words.slice(at, at + length).join(' '));
  return grams;
}

function repeatedShare(grams: readonly string[]): number | null {
  return grams.length === 0 ? null : (grams.length - new Set(grams).size) / grams.length;
}

/** The share of the items that hold; null of none. */
export function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(holds).length / items.length;
}
