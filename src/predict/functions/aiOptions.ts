import { PrecisError } from '../../errors.js';
import { checkOptions, type Rules } from '../checkOptions.js';
import { UDF_RULES } from '../udfOptions.js';
import type { UdfOptions } from '../udfTypes.js';
import type { ClassifySettings } from './classify.js';
import type { ExtractSettings } from './extract.js';

/** What all functions take, whatever they do: how the model is loaded, how texts become tokens, how the pool works, and what becomes of rows that fail. */
const COMMON = [
  'precision',
  'batchRows',
  'threads',
  'tokenizer',
  'maxInputTokens',
  'onError',
  'dedupe',
  'partitionRows',
  'workers',
  'devices',
  'isolation',
  'maxRetries',
  'hangSeconds',
  'warn',
  'onProgress',
  'onEvent',
] as const satisfies readonly (keyof UdfOptions)[];

export type CommonOptions = Pick<UdfOptions, (typeof COMMON)[number]>;

export interface ClassifyOptions extends CommonOptions {
  readonly labels: readonly string[];
  /** `classify: labels: {labels} text: ` by default. */
  readonly prompt?: string;
  /** `none` by default. */
  readonly normalize?: ClassifySettings['normalize'];
}

type ExtractGeneration = Omit<ExtractSettings['generation'], 'numReturnSequences'>;

export interface ExtractOptions extends CommonOptions, Pick<UdfOptions, 'task'>, ExtractGeneration {
  readonly fields: readonly string[];
  /** `extract: {field} text: ` by default. */
  readonly prompt?: string;
}

export interface EmbedFunctionOptions extends CommonOptions {
  /** None by default, whatever the model's task has. */
  readonly prefix?: string;
}

/** The prefix is the instruction, and the task follows from it. */
export interface QueryOptions extends Omit<UdfOptions, 'prefix' | 'task'> {
  readonly instruction: string;
}

export interface AiOptions {
  readonly summarize: UdfOptions;
  readonly classify: ClassifyOptions;
  readonly extract: ExtractOptions;
  readonly embed: EmbedFunctionOptions;
  readonly query: QueryOptions;
}

export type AiName = keyof AiOptions;

const areNames = (least: number) => (value: unknown) =>
  Array.isArray(value) &&
  value.length >= least &&
  value.every((name) => typeof name === 'string' && name.trim() !== '') &&
  new Set(value).size === value.length;
const TEXT = { expected: 'a text', accepts: (value: unknown) => typeof value === 'string' };
const FILLED = { expected: 'a text, not empty', accepts: (v: unknown) => typeof v === 'string' && v.trim() !== '' };
/** There is no struct of ours with a field for it. */
const ON_ERROR = { expected: 'fail or null', accepts: (value: unknown) => value === 'fail' || value === 'null' };

const { prefix, resultType, longDocuments, task, numReturnSequences, ...REST } = UDF_RULES;
const COMMON_RULES = {
  ...(Object.fromEntries(COMMON.map((name) => [name, UDF_RULES[name]])) as unknown as Rules<CommonOptions>),
  onError: ON_ERROR,
};

export const AI_RULES: { readonly [Name in AiName]: Rules<AiOptions[Name]> } = {
  summarize: UDF_RULES,
  classify: {
    ...COMMON_RULES,
    labels: { expected: 'a list of at least two texts, all different', accepts: areNames(2) },
    prompt: TEXT,
    normalize: { expected: 'none or tokens', accepts: (value) => value === 'none' || value === 'tokens' },
  },
  extract: {
    ...REST,
    task,
    onError: ON_ERROR,
    fields: { expected: 'a list of at least one text, all different', accepts: areNames(1) },
    prompt: { expected: 'a text with {field} in it', accepts: (v) => typeof v === 'string' && v.includes('{field}') },
  },
  embed: { ...COMMON_RULES, prefix },
  query: { ...REST, resultType, longDocuments, numReturnSequences, instruction: FILLED },
};

export const AI_REQUIRED: Readonly<Record<AiName, readonly string[]>> = {
  summarize: [],
  classify: ['labels'],
  extract: ['fields'],
  embed: [],
  query: ['instruction'],
};

export const AI_NAMES = Object.keys(AI_RULES) as AiName[];

export function checkAiOptions<Name extends AiName>(name: Name, options: AiOptions[Name]): void {
  if (!AI_NAMES.includes(name)) {
    throw new PrecisError('usage', {
      found: `no function ${JSON.stringify(name)}`,
      expected: `one of ${AI_NAMES.join(', ')}`,
    });
  }
  const rules: Rules<AiOptions[Name]> = AI_RULES[name];
  checkOptions(options, rules);
  for (const required of AI_REQUIRED[name] as (keyof AiOptions[Name])[]) {
    if (options[required] !== undefined) continue;
    throw new PrecisError('usage', {
      found: `${name} without ${String(required)}`,
      expected: rules[required].expected,
    });
  }
}
