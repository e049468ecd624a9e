import type { ModelConfig } from '../../checkpoint/types.js';
import type { GenerationOptions } from '../types.js';

/** What one option may be, whoever gives it. */
export interface OptionRule {
  readonly expected: string;
  accepts(value: unknown, config: ModelConfig): boolean;
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isTokenId = (value: unknown, config: ModelConfig) => isInteger(value) && value >= 0 && value < config.vocabSize;
const isTokenList = (value: unknown, config: ModelConfig) =>
  Array.isArray(value) && value.every((id) => isTokenId(id, config));

const COUNT: OptionRule = { expected: 'a whole number of at least 1', accepts: (v) => isInteger(v) && v >= 1 };
const COUNT_OR_NONE: OptionRule = { expected: 'a whole number of at least 0', accepts: (v) => isInteger(v) && v >= 0 };
const NUMBER: OptionRule = { expected: 'a number', accepts: isNumber };
const POSITIVE: OptionRule = { expected: 'a number above 0', accepts: (v) => isNumber(v) && v > 0 };
const SHARE: OptionRule = { expected: 'a number from 0 to 1', accepts: (v) => isNumber(v) && v >= 0 && v <= 1 };
const FLAG: OptionRule = { expected: 'true or false', accepts: (v) => typeof v === 'boolean' };
const TOKEN: OptionRule = { expected: 'a token id of the vocabulary', accepts: isTokenId };
const TOKENS: OptionRule = { expected: 'a list of token ids of the vocabulary', accepts: isTokenList };

export const OPTION_RULES: Readonly<Record<keyof GenerationOptions, OptionRule>> = {
  numBeams: COUNT,
  maxNewTokens: COUNT,
  minNewTokens: COUNT_OR_NONE,
  maxLength: COUNT,
  minLength: COUNT_OR_NONE,
  lengthPenalty: NUMBER,
  earlyStopping: {
    expected: 'true, false or "never"',
    accepts: (v) => typeof v === 'boolean' || v === 'never',
  },
  noRepeatNgramSize: COUNT_OR_NONE,
  encoderNoRepeatNgramSize: COUNT_OR_NONE,
  repetitionPenalty: POSITIVE,
  doSample: FLAG,
  temperature: POSITIVE,
  topK: COUNT_OR_NONE,
  topP: SHARE,
  minP: SHARE,
  seed: COUNT_OR_NONE,
  numReturnSequences: COUNT,
  forcedBosTokenId: TOKEN,
  forcedEosTokenId: {
    expected: 'a token id of the vocabulary or a list of them',
    accepts: (v, config) => isTokenId(v, config) || isTokenList(v, config),
  },
  suppressTokens: TOKENS,
  beginSuppressTokens: TOKENS,
  badWordsIds: {
    expected: 'a list of words, each a list of at least one token id',
    accepts: (v, config) => Array.isArray(v) && v.every((word) => isTokenList(word, config) && word.length > 0),
  },
  stopStrings: {
    expected: 'a list of texts, none empty',
    accepts: (v) => Array.isArray(v) && v.every((text) => typeof text === 'string' && text !== ''),
  },
  decoderPrefixIds: TOKENS,
  returnScores: FLAG,
};

export const OPTION_NAMES = Object.keys(OPTION_RULES) as (keyof GenerationOptions)[];
