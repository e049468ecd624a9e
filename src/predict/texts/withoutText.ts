import { type RecordBatch, Vector } from 'apache-arrow';
import { plainValue } from './plainValue.js';
import { readReason } from './rowReason.js';

const MOST_CHARACTERS = 300;
/** A stretch that a message and a text have in common by chance is shorter. */
const STRETCH = 12;
/** The same of what stands in quotation marks, where others put what they complain of. */
const QUOTED_STRETCH = 4;

const QUOTED = /"([^"]+)"|`([^`]+)`|“([^”]+)”|(?<!\w)'([^']+)'(?!\w)/g;
/** Numbers, codes, addresses: what names someone even when it is short. */
const NAMING_WORD = /[^\s,;:()"'`]*[\d@][^\s,;:()"'`]*/g;

/**
 * A message of code that is not ours, in one line and without what it says of the text that it failed for: errors are kept, shown and logged where
 * texts must not be. Quotations, numbers and long stretches that the text has as well are taken out.
 */
export function withoutText(message: string, texts: readonly string[]): string {
  const known = texts.map(plain);
  const isKnown = (part: string) => part !== '' && known.some((text) => text.includes(plain(part)));
  const holdsKnown = (part: string) => isKnown(part) || stretches(part, QUOTED_STRETCH).some(isKnown);
  const line = message.replace(/\s+/g, ' ').trim();
  const cut = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}...` : line;
  const unquoted = cut.replace(QUOTED, (whole, ...inner: (string | undefined)[]) => {
    const said = inner.slice(0, 4).find((part) => part !== undefined) ?? '';
    return holdsKnown(said) ? `${whole[0]}...${whole.at(-1)}` : whole;
  });
  // A digit or two are in every text; of those a whole word is meant.
  const words = new Set(known.flatMap((text) => text.match(NAMING_WORD) ?? []));
  const names = (word: string) => words.has(plain(word)) || (word.length >= QUOTED_STRETCH && isKnown(word));
  return withoutStretches(unquoted, isKnown).replace(NAMING_WORD, (word) => (names(word) ? '...' : word));
}

/** The same of `[scope] message`, whose scope stays; without a scope it gets that of an engine. */
export function reasonWithoutText(reason: string, texts: readonly string[]): string {
  const { code, message } = readReason(reason);
  return `[${code}] ${withoutText(message, texts)}`;
}

/** Everything in some rows that could be quoted. */
export function textsOfRows(batch: RecordBatch): string[] {
  return batch.data.children.flatMap((column) => Array.from(new Vector([column]), plainValue).flatMap(textsIn));
}

function textsIn(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [String(value)];
  return Object.values(value).flatMap(textsIn);
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase();
}

function stretches(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));
}

function withoutStretches(message: string, isKnown: (part: string) => boolean): string {
  const known = new Array<boolean>(message.length).fill(false);
  stretches(message, STRETCH).forEach((stretch, at) => {
    if (isKnown(stretch)) known.fill(true, at, at + STRETCH);
  });
  let kept = '';
  for (let at = 0; at < message.length; at++) {
    if (!known[at]) kept += message[at];
    else if (!known[at - 1]) kept += '...';
  }
  return kept;
}
