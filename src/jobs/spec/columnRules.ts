import type { ModelConfig } from '../../checkpoint/types.js';
import { OPTION_NAMES, OPTION_RULES } from '../../engine/search/optionRules.js';
import { AI_NAMES, AI_REQUIRED, AI_RULES } from '../../predict/functions/aiOptions.js';
import { UDF_RULES } from '../../predict/udfOptions.js';
import type { FunctionName } from '../types.js';
import { filePath, modelUri, modulePath } from './paths.js';
import { anything, type FieldRule, type Fields, object, oneOf, oneOrMore, type Shape, scalar, text } from './shapes.js';

/** How many ids there are is only known of a model; what is too large for it is told when it is opened. */
const ANY_VOCABULARY = { vocabSize: Number.POSITIVE_INFINITY } as ModelConfig;

/** Of all columns alike: a job has one pool. What rows that fail do is the job's too. */
export const JOB_WIDE: Readonly<Record<string, string>> = {
  workers: 'say it once, for the whole job',
  devices: 'say it once, for the whole job',
  isolation: 'say it once, for the whole job',
  partitionRows: 'say it once, for the whole job',
  maxRetries: 'it is retry.maxRetries of the whole job',
  hangSeconds: 'it is retry.timeout of the whole job',
  onError: 'a job goes on when a row fails: see errorThreshold and output.keepFailed',
};
/** Functions and warnings are for programs that call the API. */
const OF_THE_API = ['warn', 'onProgress', 'onEvent'];

const GENERATION_ABOUT: Readonly<Record<string, string>> = {
  numBeams: 'beams of the search; 1 is greedy',
  maxNewTokens: 'tokens of the output at most; wins over maxLength',
  minNewTokens: 'tokens of the output at least',
  noRepeatNgramSize: 'no n-gram of this length twice',
  seed: 'of sampling',
};
const OPTION_ABOUT: Readonly<Record<string, string>> = {
  precision: 'numbers that the model computes in',
  batchRows: 'rows that the decoder steps at once',
  threads: 'threads of one graph',
  task: "whose parameters and prefix hold, of the model's tasks",
  tokenizer: "a folder whose tokenizer is used instead of the model's own",
  prefix: "instead of the task's own prefix; an empty one switches it off",
  maxInputTokens: 'longer texts are cut to it, prefix and end token included',
  longDocuments: 'what happens to a text that the model cannot read whole',
  dedupe: 'equal texts are computed once',
  resultType: 'what a row becomes',
  labels: 'of which the likeliest is taken',
  normalize: 'whether a label is scored as a whole or by its tokens',
  fields: 'what is asked of each text; the column is a struct of them',
  prompt: 'what is put before the text',
  instruction: 'in words, put before the text',
};

const OPTION_DEFAULT: Readonly<Record<string, string>> = {
  precision: 'auto',
  threads: '1',
  batchRows: "the engine's",
  task: 'summarization',
  tokenizer: "the model's",
  prefix: "the task's",
  maxInputTokens: 'what the tokenizer says',
  longDocuments: 'truncate',
  dedupe: 'true',
};

interface Rule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

function fieldOf(name: string, rule: Rule): FieldRule {
  const about = OPTION_ABOUT[name] ?? GENERATION_ABOUT[name] ?? 'as in the API';
  const standard = OPTION_DEFAULT[name];
  if (name === 'tokenizer') return { shape: filePath, about, default: standard };
  const { expected } = rule;
  const shape = scalar(expected, schemaOf(expected), (value) => (rule.accepts(value) ? value : undefined));
  return { shape, about, default: standard };
}

/** What can be told of a rule in a JSON Schema; the rest is in its words. */
function schemaOf(expected: string): Readonly<Record<string, unknown>> {
  const list = /^one of (.+)$/.exec(expected);
  if (list) return { enum: list[1].split(', ') };
  if (expected === 'true or false') return { type: 'boolean' };
  if (/^a whole number/.test(expected)) return { type: 'integer' };
  if (/^a number/.test(expected)) return { type: 'number' };
  return /^a text/.test(expected) ? { type: 'string' } : {};
}

const ruleOfGeneration = (name: keyof typeof OPTION_RULES): Rule => ({
  expected: OPTION_RULES[name].expected,
  accepts: (value) => OPTION_RULES[name].accepts(value, ANY_VOCABULARY),
});

export const GENERATION_FIELDS: Fields = Object.fromEntries(
  OPTION_NAMES.map((name) => [name, fieldOf(name, ruleOfGeneration(name))]),
);
export const generation: Shape<Record<string, unknown>> = object(GENERATION_FIELDS);

/** What may be said for all columns at once, beside the generation. */
const DEFAULT_NAMES = [
  'precision',
  'threads',
  'batchRows',
  'tokenizer',
  'task',
  'prefix',
  'maxInputTokens',
  'longDocuments',
  'dedupe',
] as const;

export const DEFAULT_FIELDS = Object.fromEntries(
  DEFAULT_NAMES.map((name) => [name, fieldOf(name, UDF_RULES[name])]),
) as Readonly<Record<(typeof DEFAULT_NAMES)[number], FieldRule>>;

const MODULE_FIELDS: Fields = {
  module: { shape: modulePath, about: 'a JavaScript file that exports the function', required: true },
  exportName: { shape: text, about: 'the name of what it exports', default: 'default' },
  resultType: { shape: oneOf(['string', 'double', 'int', 'bool']), about: 'what it returns', default: 'string' },
  values: { shape: anything, about: 'plain data that the function gets beside each batch' },
};

function optionsOf(name: (typeof AI_NAMES)[number]): Fields {
  const known = Object.entries(AI_RULES[name]).filter(
    ([option]) => !Object.hasOwn(JOB_WIDE, option) && !OF_THE_API.includes(option),
  );
  return Object.fromEntries(
    known.map(([option, rule]) => {
      const field = GENERATION_FIELDS[option] ?? fieldOf(option, rule as Rule);
      return [option, AI_REQUIRED[name].includes(option) ? { ...field, required: true } : field];
    }),
  );
}

/** The options of each function, by the same rules as the API's. */
export const FUNCTION_FIELDS = {
  ...Object.fromEntries(AI_NAMES.map((name) => [name, optionsOf(name)])),
  module: MODULE_FIELDS,
} as Readonly<Record<FunctionName, Fields>>;

export const FUNCTION_NAMES = Object.keys(FUNCTION_FIELDS) as FunctionName[];

/** What every column may have; of a module's `text` is the columns that it is given. */
export const COLUMN_FIELDS: Fields = {
  name: { shape: text, about: 'the name of the new column', required: true },
  fn: { shape: oneOf(FUNCTION_NAMES), about: 'the function that makes it', default: 'summarize' },
  text: {
    shape: oneOrMore(text),
    about: 'the column of texts; of a module all columns that it is given',
    default: "the job's `text`",
  },
  model: { shape: modelUri, about: 'a model of its own', default: "the job's `model`" },
  generation: { shape: generation, about: 'options of generation, which may also stand in the column itself' },
};
