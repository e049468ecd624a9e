import { PrecisError } from '../../errors.js';
import { splitSentences } from '../../text/sentences.js';
import { SHIPPED_MODEL } from './shippedModel.js';
import { textRank } from './textRank.js';

/** A model without weights: a plain function of text. Its tokens are words (words.ts). */
export interface BuiltinModel {
  /** The URI without its options. */
  readonly name: string;
  /** Waited for each text, without blocking; 0 by default. */
  readonly delayMs: number;
  /** Words of a text that it reads; no limit by default. */
  readonly maxTokens: number;
  /** Whether texts may ask for trouble; see faults.ts. */
  readonly faults: boolean;
  summarize(text: string): string;
}

const SENTENCES_OF_TEXTRANK = 3;

/**
 * `echo` takes options, because tests of everything around an engine need one that is slow (delayMs), forgetful (maxTokens) or in trouble (faults=1)
 * on purpose.
 */
const MODELS: Readonly<Record<string, { readonly options: readonly string[]; summarize(text: string): string }>> = {
  echo: { options: ['delayMs', 'maxTokens', 'faults'], summarize: (text) => text },
  'lead-1': { options: [], summarize: (text) => lead(text, 1) },
  'lead-3': { options: [], summarize: (text) => lead(text, 3) },
  textrank: { options: [], summarize: (text) => textRank(text, SENTENCES_OF_TEXTRANK) },
};

/** Of those without weights. */
export const BUILTIN_NAMES = Object.keys(MODELS).map((name) => `builtin:${name}`);

/** `builtin:NAME?option=value&option=value`. */
export function readBuiltinUri(uri: string): BuiltinModel {
  const [name, query = ''] = splitOnce(uri, '?');
  const model = MODELS[name.slice('builtin:'.length)];
  if (!BUILTIN_NAMES.includes(name)) {
    throw new PrecisError('model', {
      found: `${uri} is no built-in model`,
      expected: `one of ${[SHIPPED_MODEL, ...BUILTIN_NAMES].join(', ')}`,
    });
  }
  const values = new Map<string, number>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [option, value = ''] = splitOnce(pair, '=');
    if (!model.options.includes(option)) throw unknownOption(uri, name, option, model.options);
    values.set(option, wholeNumber(uri, option, value));
  }
  return {
    name,
    delayMs: values.get('delayMs') ?? 0,
    maxTokens: values.get('maxTokens') ?? Number.POSITIVE_INFINITY,
    faults: values.get('faults') === 1,
    summarize: model.summarize,
  };
}

/** The first sentences as they stand, without what separates them from the next. */
function lead(text: string, count: number): string {
  let start: number | null = null;
  let end = 0;
  let left = count;
  for (const sentence of splitSentences(text)) {
    start ??= sentence.start;
    end = sentence.end;
    if (--left === 0) break;
  }
  return text.slice(start ?? 0, end);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function unknownOption(uri: string, name: string, option: string, known: readonly string[]): PrecisError {
  return new PrecisError('model', {
    found: `${uri} has the unknown option ${option === '' ? '""' : option}`,
    expected: known.length === 0 ? `no options: ${name} takes none` : `one of ${known.join(', ')}`,
  });
}

/** Timers hold no more than 31 bits, and no wait of a test is near that. */
function wholeNumber(uri: string, option: string, value: string): number {
  const least = option === 'maxTokens' ? 1 : 0;
  const most = option === 'faults' ? 1 : 999_999;
  const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new PrecisError('model', {
    found: `${uri} sets ${option} to ${JSON.stringify(value)}`,
    expected: `a whole number from ${least} to ${most}`,
  });
}
