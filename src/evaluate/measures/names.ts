import { splitSentences } from '../../text/sentences.js';
import { isCurrencyCode } from './facts.js';
import { share } from './overlap.js';

/** Letters and digits with single marks between them: O'Hara, Al-Plathway, PZC-5572. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['\u2019-][\p{L}\p{M}\p{N}]+)*/gu;
/** Two letters at least, the first a capital; not I'm and I've. */
const NAME = /^(?!I['\u2019])\p{Lu}[\p{M}'\u2019-]*\p{L}/u;
const CODE = /^(?=.*\p{N}).*\p{Lu}/u;
/** Between two words: the second begins a sentence though the first ended none. `Result: Nothing`, `said, "We`. */
const OPENS = /[\n:]|,\s*["\u201c\u201e\u00ab]/;

/** The share of a summary's names and codes that stand in its source in the same letters; null if it has none. */
export function faithfulNames(source: string, summary: string): number | null {
  const names = namesOf(summary.normalize('NFKC'));
  if (names.length === 0) return null;
  const words = new Set(Array.from(source.normalize('NFKC').matchAll(WORD), ([word]) => withoutPossessive(word)));
  return share(names, (name) => words.has(name));
}

function namesOf(text: string): string[] {
  const names: string[] = [];
  for (const { start, end } of splitSentences(text)) {
    const sentence = text.slice(start, end);
    let before = 0;
    for (const match of sentence.matchAll(WORD)) {
      const word = withoutPossessive(match[0]);
      const opens = before === 0 || OPENS.test(sentence.slice(before, match.index));
      if (CODE.test(word) || (NAME.test(word) && !opens && !isCurrencyCode(word))) names.push(word);
      before = match.index + match[0].length;
    }
  }
  return names;
}

function withoutPossessive(word: string): string {
  return word.replace(/['\u2019]s$/, '');
}
