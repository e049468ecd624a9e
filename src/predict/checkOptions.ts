import { nearestName, PrecisError } from '../errors.js';
import type { ConvertOptions } from '../graph/convert.js';
import { PRECISIONS } from '../graph/kernels.js';
import type { EmbedOptions, LoadOptions, ScoreOptions, TextOptions } from './types.js';

/** What one option may be. `undefined` is always the same as not given. */
interface Rule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

export type Rules<Options> = Readonly<Record<keyof Options, Rule>>;

/** Far beyond any processor: what is above it is a mistake, and a graph would try to start that many. */
const MOST_THREADS = 1024;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const COUNT: Rule = { expected: 'a whole number of at least 1', accepts: isCount };
const TEXT: Rule = { expected: 'a text', accepts: (v) => typeof v === 'string' };
const FUNCTION: Rule = { expected: 'a function', accepts: (v) => typeof v === 'function' };
const PRECISION: Rule = {
  expected: `one of ${PRECISIONS.join(', ')}`,
  accepts: (v) => (PRECISIONS as readonly unknown[]).includes(v),
};

export const LOAD_RULES: Rules<LoadOptions> = {
  precision: PRECISION,
  batchRows: COUNT,
  threads: {
    expected: `a whole number from 1 to ${MOST_THREADS}`,
    accepts: (v) => isCount(v) && v <= MOST_THREADS,
  },
  task: TEXT,
  tokenizer: TEXT,
};

export const SCORE_RULES: Rules<ScoreOptions> = { prefix: TEXT, maxInputTokens: COUNT };

export const EMBED_RULES: Rules<EmbedOptions> = {
  ...SCORE_RULES,
  onRow: FUNCTION,
  signal: { expected: 'an AbortSignal', accepts: (v) => v instanceof AbortSignal },
};

export const TEXT_RULES: Rules<TextOptions> = {
  ...EMBED_RULES,
  onResult: FUNCTION,
  onWork: FUNCTION,
};

export const CONVERT_RULES: Rules<ConvertOptions> = {
  precision: PRECISION,
  kernels: {
    expected: 'an object with crossKernel "row", "packed" or "absorbed" and weightLimit 127 or 63',
    accepts: (v) =>
      isObject(v) &&
      'crossKernel' in v &&
      ['row', 'packed', 'absorbed'].includes(v.crossKernel as string) &&
      'weightLimit' in v &&
      [127, 63].includes(v.weightLimit as number),
  },
};

/** JavaScript lets anything through: an option that is misspelt or of the wrong kind is refused by name, as on the command line. */
export function checkOptions<Options extends object>(options: Options, rules: Rules<Options>): void {
  if (!isObject(options)) {
    throw new PrecisError('usage', { found: `the options are ${shown(options)}`, expected: 'an object' });
  }
  const known = Object.keys(rules);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) throw unknownOption(name, known);
    const rule = rules[name as keyof Options];
    if (value === undefined || rule.accepts(value)) continue;
    throw new PrecisError('usage', { found: `option ${name} is ${shown(value)}`, expected: rule.expected });
  }
}

/** The same for lists of texts; `what` names one of them. */
export function checkTexts(texts: readonly string[], what: string): void {
  const found = Array.isArray(texts) ? texts.findIndex((text) => typeof text !== 'string') : -1;
  if (Array.isArray(texts) && found < 0) return;
  throw new PrecisError('input', {
    found: Array.isArray(texts) ? `${what} ${found} is ${shown(texts[found])}` : `the ${what}s are ${shown(texts)}`,
    expected: Array.isArray(texts) ? 'a text' : 'a list of texts',
  });
}

function unknownOption(name: string, known: readonly string[]): PrecisError {
  const nearest = nearestName(name, known);
  return new PrecisError('usage', {
    found: `unknown option ${name}`,
    expected: `one of ${known.join(', ')}`,
    action: nearest ? `did you mean ${nearest}?` : undefined,
  });
}

/** JSON has no NaN and no functions, which are just what is to be shown here. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'function') {
    return typeof value === 'function' ? 'a function' : String(value);
  }
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
