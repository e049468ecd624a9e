import type { GenerationDefaults, ModelConfig } from '../../checkpoint/types.js';
import { PrecisError } from '../../errors.js';
import type { GenerationOptions } from '../types.js';
import { modelLayers, type OptionLayer, show, userLayer } from './optionLayers.js';
import type { ResolvedOptions } from './resolvedOptions.js';

export type { ResolvedOptions } from './resolvedOptions.js';

type BuiltIn = Omit<
  Required<GenerationOptions>,
  'minNewTokens' | 'maxLength' | 'minLength' | 'forcedBosTokenId' | 'forcedEosTokenId'
>;

/** What holds when neither the user nor the model says anything: the pipeline's beams and length, otherwise HF's neutral values. */
const BUILT_IN: BuiltIn = {
  numBeams: 4,
  maxNewTokens: 256,
  lengthPenalty: 1,
  earlyStopping: false,
  noRepeatNgramSize: 0,
  encoderNoRepeatNgramSize: 0,
  repetitionPenalty: 1,
  doSample: false,
  temperature: 1,
  topK: 50,
  topP: 1,
  minP: 0,
  seed: 0,
  numReturnSequences: 1,
  suppressTokens: [],
  beginSuppressTokens: [],
  badWordsIds: [],
  stopStrings: [],
  decoderPrefixIds: [],
  returnScores: false,
};

/**
 * The options that hold for a task: the user's, then the model's parameters for the task, then its generation_config.json, then
 * the built-in ones. Everything is checked here, so that nothing behind it has to.
 */
export function resolveOptions(
  user: GenerationOptions,
  defaults: GenerationDefaults,
  config: ModelConfig,
  task = 'summarization',
): ResolvedOptions {
  const asked = userLayer(user, config);
  const layers = [asked, ...modelLayers(defaults, config, task)];
  const given = Object.assign({}, ...layers.map((layer) => layer.options).reverse()) as GenerationOptions;
  const {
    maxNewTokens: _max,
    minNewTokens: _min,
    forcedEosTokenId,
    decoderPrefixIds,
    ...merged
  } = { ...BUILT_IN, ...given };
  // Whoever asks to sample and says nothing of beams wants a sample, not the beams of the model's usual task.
  const numBeams = asked.options.doSample && asked.options.numBeams === undefined ? 1 : beamsOf(given, merged);
  const promptIds = [startToken(defaults, config), ...decoderPrefixIds];
  const resolved: ResolvedOptions = {
    ...merged,
    numBeams,
    promptIds,
    promptLength: promptIds.length,
    maxLength: maxLength(layers, promptIds.length),
    minLength: minLength(layers, promptIds.length),
    forcedBosTokenId: merged.forcedBosTokenId ?? null,
    forcedEosTokenIds: listOf(forcedEosTokenId),
    eosTokenIds: tokenIds(defaults, 'eos_token_id', config) ?? config.eosTokenIds,
    padTokenId: config.padTokenId,
  };
  refuseContradictions(resolved, asked.options, layers);
  return deepFreeze(resolved);
}

/** A model that samples by default and names no beams samples single sequences. */
function beamsOf(given: GenerationOptions, merged: { doSample: boolean; numBeams: number }): number {
  return merged.doSample && given.numBeams === undefined ? 1 : merged.numBeams;
}

/** The strongest layer that speaks of the length decides; within one layer max_new_tokens wins over max_length, as in HF. */
function maxLength(layers: readonly OptionLayer[], promptLength: number): number {
  for (const { options } of layers) {
    if (options.maxNewTokens !== undefined) return promptLength + options.maxNewTokens;
    if (options.maxLength !== undefined) return options.maxLength;
  }
  return promptLength + BUILT_IN.maxNewTokens;
}

function minLength(layers: readonly OptionLayer[], promptLength: number): number {
  for (const { options } of layers) {
    if (options.minNewTokens !== undefined) return options.minNewTokens === 0 ? 0 : promptLength + options.minNewTokens;
    if (options.minLength !== undefined) return options.minLength;
  }
  return 0;
}

function startToken(defaults: GenerationDefaults, config: ModelConfig): number {
  return tokenIds(defaults, 'decoder_start_token_id', config)?.[0] ?? config.decoderStartTokenId;
}

/** Special tokens as generation_config.json names them: HF's generate reads them there, not in config.json. */
function tokenIds(defaults: GenerationDefaults, name: string, config: ModelConfig): readonly number[] | null {
  const value = defaults.generationConfig[name];
  if (value === undefined || value === null) return null;
  const ids = Array.isArray(value) ? value : [value];
  const fits = (id: unknown) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < config.vocabSize;
  if (ids.length > 0 && ids.every(fits)) return ids;
  throw new PrecisError('generation', {
    found: `generation_config ${name} is ${show(value)}`,
    expected: 'a token id of the vocabulary or a list of them',
  });
}

function listOf(ids: number | readonly number[] | undefined): readonly number[] {
  if (ids === undefined) return [];
  return typeof ids === 'number' ? [ids] : ids;
}

function refuseContradictions(
  options: ResolvedOptions,
  asked: GenerationOptions,
  layers: readonly OptionLayer[],
): void {
  const { numBeams, doSample, numReturnSequences, promptLength } = options;
  const refuse = (found: string, expected: string, action?: string): never => {
    throw new PrecisError('generation', { found, expected, action });
  };
  if (doSample) {
    for (const { refusedWhenSampling } of layers) for (const error of refusedWhenSampling) throw error;
    if (numBeams > 1) refuse(`doSample with numBeams ${numBeams}`, 'numBeams 1 when sampling', 'set numBeams to 1');
  } else if (numBeams === 1 && numReturnSequences > 1) {
    refuse(`numReturnSequences ${numReturnSequences} in greedy search`, '1', 'set numBeams or doSample');
  } else if (numReturnSequences > numBeams) {
    refuse(`numReturnSequences ${numReturnSequences}`, `at most numBeams, which is ${numBeams}`);
  }
  if (promptLength >= options.maxLength) {
    refuse(
      `maxLength ${options.maxLength}`,
      `more than the ${promptLength} tokens of the decoder's start and decoderPrefixIds`,
      'set maxNewTokens instead',
    );
  }
  if (asked.minNewTokens !== undefined && asked.maxNewTokens !== undefined && asked.minNewTokens > asked.maxNewTokens) {
    refuse(`minNewTokens ${asked.minNewTokens}`, `at most maxNewTokens, which is ${asked.maxNewTokens}`);
  }
  refuseSilenced(options, asked);
  refuseSuppressedForce('forcedBosTokenId', listOf(options.forcedBosTokenId ?? undefined), options);
  refuseSuppressedForce('forcedEosTokenId', options.forcedEosTokenIds, options);
}

/** What the user asks for must have an effect: options of one kind of search mean nothing in another. */
function refuseSilenced(options: ResolvedOptions, asked: GenerationOptions): void {
  const silenced: (keyof GenerationOptions)[] = [];
  if (!options.doSample) silenced.push('temperature', 'topK', 'topP', 'minP', 'seed');
  if (options.numBeams === 1) silenced.push('lengthPenalty', 'earlyStopping');
  for (const name of silenced) {
    if (asked[name] === undefined || asked[name] === BUILT_IN[name as keyof typeof BUILT_IN]) continue;
    const needed = name === 'lengthPenalty' || name === 'earlyStopping' ? 'numBeams above 1' : 'doSample true';
    throw new PrecisError('generation', { found: `${name} ${show(asked[name])} has no effect here`, expected: needed });
  }
}

function refuseSuppressedForce(name: string, forced: readonly number[], options: ResolvedOptions): void {
  if (forced.length === 0 || !forced.every((id) => options.suppressTokens.includes(id))) return;
  throw new PrecisError('generation', {
    found: `${name} ${show(forced)} is also in suppressTokens`,
    expected: 'a token that may be generated',
    action: 'use minNewTokens to prevent an early end',
  });
}

/** Frozen through and through; lists are copied first, since they may still be the caller's. */
function deepFreeze(options: ResolvedOptions): ResolvedOptions {
  const frozen = (value: unknown): unknown => (Array.isArray(value) ? Object.freeze(value.map(frozen)) : value);
  const entries = Object.entries(options).map(([name, value]) => [name, frozen(value)]);
  return Object.freeze(Object.fromEntries(entries)) as ResolvedOptions;
}
