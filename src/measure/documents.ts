import { createRandom } from '../engine/search/random.js';
import { newSentence } from './sentences.js';

/** The shortest document has this part of the mean's tokens; the longest is longer by as much. */
const SHORTEST = 0.75;
/** Steps of this size around a circle of 1 fall evenly, however many they are: any number of documents has the mean that was asked for. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Made-up English, so that nobody needs texts to measure: varied documents around `meanTokens` long, the same at every call. */
export function makeTexts(count: number, meanTokens: number, countTokens: (text: string) => number): string[] {
  const random = createRandom(1, Int32Array.of(), 0);
  return Array.from({ length: count }, (_, i) => {
    const tokens = Math.round(meanTokens * (SHORTEST + 2 * (1 - SHORTEST) * (((i + 0.5) * GOLDEN) % 1)));
    return cutTo(tokens, makeWords(tokens, random), countTokens);
  });
}

/** At least as many words as tokens are wanted: hardly a tokenizer has longer tokens. */
function makeWords(count: number, random: () => number): string[] {
  const words: string[] = [];
  while (words.length < count) words.push(...newSentence(random).split(' '));
  return words;
}

/** The most of the words, but at least one, that make no more tokens. */
function cutTo(tokens: number, words: readonly string[], countTokens: (text: string) => number): string {
  let fits = 1;
  let tooMany = words.length + 1;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (countTokens(words.slice(0, middle).join(' ')) <= tokens) fits = middle;
    else tooMany = middle;
  }
  return words.slice(0, fits).join(' ');
}
