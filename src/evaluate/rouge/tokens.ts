import { stem } from './stem.js';

/** Words come again and again through a table; the memory of a whole dictionary is a few megabytes. */
const MOST_REMEMBERED = 50_000;
const LONGEST_REMEMBERED = 32;
const remembered = new Map<string, string>();

/** What ROUGE compares: runs of a-z and 0-9 after lower-casing, those of more than three letters as their stems. */
export function rougeTokens(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.map((word) => (word.length > 3 ? rememberedStem(word) : word)).filter((word) => word !== '');
}

function rememberedStem(word: string): string {
  if (word.length > LONGEST_REMEMBERED) return stem(word);
  let found = remembered.get(word);
  if (found === undefined) {
    found = stem(word);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(word, found);
  }
  return found;
}

/** Gives equal tokens equal numbers, so that texts are compared as numbers. */
export class Vocabulary {
  private readonly numbers = new Map<string, number>();

  get size(): number {
    return this.numbers.size;
  }

  numbersOf(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens, (token) => {
      let number = this.numbers.get(token);
      if (number === undefined) {
        number = this.numbers.size;
        this.numbers.set(token, number);
      }
      return number;
    });
  }
}
