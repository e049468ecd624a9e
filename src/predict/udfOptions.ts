import { OPTION_NAMES } from '../engine/search/optionRules.js';
import type { GenerationOptions } from '../engine/types.js';
import { PrecisError } from '../errors.js';
import type { PoolOptions } from '../pool/types.js';
import { isWeightless } from './builtin.js';
import { checkOptions, LOAD_RULES, type Rules, SCORE_RULES } from './checkOptions.js';
import { RESULT_TYPES } from './texts/resultType.js';
import type { PartitionSize } from './texts/textBlock.js';
import type { TextFunctionOptions, TextSetting } from './texts/textFunction.js';
import type { PredictOptions, PredictVectorOptions, UdfOptions } from './udfTypes.js';

const ON_ERROR = ['fail', 'null', 'struct'];
const LONG_DOCUMENTS = ['truncate', 'error', 'map-reduce', 'mapReduce'];

const oneOf = (values: readonly string[]) => ({
  expected: `one of ${values.join(', ')}`,
  accepts: (value: unknown) => values.includes(value as string),
});
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const COUNT = { expected: 'a whole number of at least 1', accepts: isCount };
const FLAG = { expected: 'true or false', accepts: (v: unknown) => typeof v === 'boolean' };
const FUNCTION = { expected: 'a function', accepts: (v: unknown) => typeof v === 'function' };
/** What an option of generation may be depends on the model, which says so itself when it is opened. */
const BY_MODEL = { expected: '', accepts: () => true };

const GENERATION_RULES = Object.fromEntries(OPTION_NAMES.map((name) => [name, BY_MODEL])) as unknown as Rules<
  Required<GenerationOptions>
>;

/** How texts become texts. */
export const PREDICT_RULES: Rules<PredictOptions> = {
  ...SCORE_RULES,
  ...GENERATION_RULES,
  longDocuments: oneOf(LONG_DOCUMENTS),
  signal: { expected: 'an AbortSignal', accepts: (v) => v instanceof AbortSignal },
};

/** The same with a choice of what comes out. */
export const PREDICT_VECTOR_RULES: Rules<PredictVectorOptions> = {
  ...PREDICT_RULES,
  resultType: oneOf(RESULT_TYPES),
  onError: oneOf(ON_ERROR),
};

const { signal: _, ...COLUMN_RULES } = PREDICT_VECTOR_RULES;

export const UDF_RULES: Rules<UdfOptions> = {
  ...LOAD_RULES,
  ...COLUMN_RULES,
  dedupe: FLAG,
  partitionRows: COUNT,
  workers: COUNT,
  // The engines have no other device yet.
  devices: {
    expected: "a list of 'cpu': engines run on the CPU in this version",
    accepts: (v) => Array.isArray(v) && v.length > 0 && v.every((device) => device === 'cpu'),
  },
  isolation: oneOf(['process', 'thread']),
  maxRetries: { expected: 'a whole number of at least 0', accepts: (v) => v === 0 || isCount(v) },
  hangSeconds: { expected: 'a number above 0', accepts: (v) => typeof v === 'number' && v > 0 },
  warn: FLAG,
  onProgress: FUNCTION,
  onEvent: FUNCTION,
};

/** The options of a function over texts, sorted by who needs them. */
export interface SortedOptions {
  readonly worker: TextFunctionOptions;
  readonly pool: PoolOptions;
  readonly size: PartitionSize;
}

export function sortOptions(uri: string, options: UdfOptions): SortedOptions {
  checkOptions(options, UDF_RULES);
  const { workers, devices, isolation, maxRetries, hangSeconds, threads, partitionRows } = options;
  const size = partitionSize(uri);
  return {
    worker: { uri, load: picked(options, names(LOAD_RULES)), ...textSetting(options) },
    pool: { workers, devices, isolation, maxRetries, hangSeconds, threadsPerWorker: threads },
    size: { rows: partitionRows ?? size.rows, bytes: size.bytes },
  };
}

/** What a column of texts is to become, from options that were checked. */
export function textSetting(options: PredictVectorOptions): TextSetting {
  const { resultType = 'string', longDocuments: asked = 'truncate' } = options;
  const longDocuments = asked === 'mapReduce' ? 'map-reduce' : asked;
  refuseContradictions({ ...options, longDocuments });
  const generation = picked(options, OPTION_NAMES);
  return { generation, text: picked(options, names(SCORE_RULES)), longDocuments, resultType };
}

function refuseContradictions({
  resultType = 'string',
  onError,
  numReturnSequences,
  longDocuments,
}: PredictVectorOptions): void {
  const refuse = (found: string, expected: string) => {
    throw new PrecisError('usage', { found, expected });
  };
  if (onError === 'struct' && resultType !== 'struct') {
    refuse(
      `onError 'struct' with resultType '${resultType}'`,
      "resultType 'struct', whose field error says why a row failed",
    );
  }
  if ((numReturnSequences ?? 1) > 1 && resultType !== 'string[]') {
    refuse(`numReturnSequences ${numReturnSequences} with resultType '${resultType}'`, "resultType 'string[]'");
  }
  if (resultType === 'double[]' && longDocuments === 'map-reduce') {
    refuse("longDocuments 'map-reduce' with resultType 'double[]'", "longDocuments 'truncate' or 'error'");
  }
}

/**
 * A worker's share at a time. A model decodes 48 rows side by side: a partition has to be several times that, or too many steps are taken with rows
 * missing at its end. A model without weights is done with hundreds of rows before a message has arrived.
 */
function partitionSize(uri: string): PartitionSize {
  return isQuick(uri) ? { rows: 4096, bytes: 2 << 20 } : { rows: 256, bytes: 1 << 20 };
}

/** Whether a model takes less time than reading and writing its texts does. */
export function isQuick(uri: string): boolean {
  return isWeightless(uri) && !uri.includes('delayMs') && !uri.includes('textrank');
}

function picked<Options extends object, Name extends keyof Options>(
  options: Options,
  names: readonly Name[],
): Pick<Options, Name> {
  const entries = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(entries) as Pick<Options, Name>;
}

function names<Options>(rules: Rules<Options>): (keyof Options)[] {
  return Object.keys(rules) as (keyof Options)[];
}
