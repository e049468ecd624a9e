import { type Html, html } from './html.js';

/** Letters and digits with what joins them: 12:30, KX-4471, 3.5, don't. A character of a script without spaces is a word of its own. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+(?:[.,:/'\u2019_-][\p{L}\p{M}\p{N}]+)*/gu;
const HAS_DIGIT = /\p{N}/u;
const JOINTS = /[:/'\u2019_-]/u;

/** The words of a source, to tell which of a summary's are not among them. */
export class SourceWords {
  private readonly words = new Set<string>();

  constructor(source: string) {
    for (const [word] of source.matchAll(WORD)) {
      for (const part of [word, ...word.split(JOINTS)]) this.words.add(plain(part));
    }
  }

  /** A word of several parts may have them from different places; a code or a date may not. */
  has(word: string): boolean {
    if (this.words.has(plain(word))) return true;
    return !HAS_DIGIT.test(word) && word.split(JOINTS).every((part) => this.words.has(plain(part)));
  }
}

export interface MarkedText {
  readonly markup: Html;
  /** How many numbers and codes the source does not have. */
  readonly facts: number;
}

/** The text with what its source does not have: words underlined, numbers and codes in a frame, which a screen reader says too. */
export function markedText(text: string, source: SourceWords): MarkedText {
  const pieces: Html[] = [];
  let facts = 0;
  let at = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (source.has(word)) continue;
    pieces.push(html`${text.slice(at, index)}`);
    if (HAS_DIGIT.test(word)) {
      facts++;
      pieces.push(html`<mark class="fact">${word}<span class="said"> (not in the source)</span></mark>`);
    } else pieces.push(html`<mark class="word">${word}</mark>`);
    at = index + word.length;
  }
  pieces.push(html`${text.slice(at)}`);
  return { markup: html`${pieces}`, facts };
}

/** 1,250 and 1250 are one number, and so are a word in capitals and in small letters. */
function plain(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
}
