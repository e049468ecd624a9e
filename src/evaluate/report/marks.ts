import { plainWord, WORD, wordsOf } from '../measures/words.js';
import { type Html, html } from './html.js';
import { type Span, unstatedSpans } from './unstatedSpans.js';

export interface MarkedText {
  readonly markup: Html;
  /** How many numbers, dates and codes the source does not state. */
  readonly facts: number;
}

/** By the same rules as the metrics: what lowers `faithful` stands in a frame, which a screen reader says too; what is novel is underlined. */
export function markedText(text: string, source: string, sourceWords = wordSet(source)): MarkedText {
  const facts = unstatedSpans(source, text);
  const words = newWords(text, sourceWords).filter((word) => !facts.some((fact) => overlap(fact, word)));
  const marks = [
    ...facts.map((span) => ({ ...span, isFact: true })),
    ...words.map((span) => ({ ...span, isFact: false })),
  ].sort((a, b) => a.start - b.start);
  const pieces: Html[] = [];
  let at = 0;
  for (const { start, end, isFact } of marks) {
    const marked = text.slice(start, end);
    pieces.push(html`${text.slice(at, start)}`);
    pieces.push(
      isFact
        ? html`<mark class="fact">${marked}<span class="said"> (not in the source)</span></mark>`
        : html`<mark class="word">${marked}</mark>`,
    );
    at = end;
  }
  pieces.push(html`${text.slice(at)}`);
  return { markup: html`${pieces}`, facts: facts.length };
}

export function wordSet(source: string): ReadonlySet<string> {
  return new Set(wordsOf(source));
}

function newWords(text: string, known: ReadonlySet<string>): Span[] {
  return Array.from(text.matchAll(WORD))
    .filter(([word]) => !known.has(plainWord(word)))
    .map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
}

function overlap(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}
