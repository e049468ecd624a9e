import type { GenerationDefaults, ModelConfig } from '../../checkpoint/types.js';
import { nearestName, PrecisError } from '../../errors.js';
import type { GenerationOptions } from '../types.js';
import { OPTION_NAMES, OPTION_RULES } from './optionRules.js';

/** One source of options, checked: the user, or one of the model's own files. */
export interface OptionLayer {
  readonly source: string;
  readonly options: GenerationOptions;
  /** What this layer says in ways we do not build, and would change results only when sampling. */
  readonly refusedWhenSampling: readonly PrecisError[];
}

/** HF's names of the options that a model's files may set. */
const HF_NAMES: Readonly<Record<string, keyof GenerationOptions>> = {
  num_beams: 'numBeams',
  max_new_tokens: 'maxNewTokens',
  min_new_tokens: 'minNewTokens',
  max_length: 'maxLength',
  min_length: 'minLength',
  length_penalty: 'lengthPenalty',
  early_stopping: 'earlyStopping',
  no_repeat_ngram_size: 'noRepeatNgramSize',
  encoder_no_repeat_ngram_size: 'encoderNoRepeatNgramSize',
  repetition_penalty: 'repetitionPenalty',
  do_sample: 'doSample',
  temperature: 'temperature',
  top_k: 'topK',
  top_p: 'topP',
  min_p: 'minP',
  num_return_sequences: 'numReturnSequences',
  forced_bos_token_id: 'forcedBosTokenId',
  forced_eos_token_id: 'forcedEosTokenId',
  suppress_tokens: 'suppressTokens',
  begin_suppress_tokens: 'beginSuppressTokens',
  bad_words_ids: 'badWordsIds',
  stop_strings: 'stopStrings',
};

/** What changes HF's results and is not built here, with the values that switch it off. Absent and null always do. */
const NOT_BUILT: Readonly<Record<string, readonly unknown[]>> = {
  num_beam_groups: [1],
  diversity_penalty: [0],
  penalty_alpha: [0],
  dola_layers: [],
  constraints: [],
  force_words_ids: [],
  forced_decoder_ids: [],
  encoder_repetition_penalty: [1],
  sequence_bias: [],
  guidance_scale: [1],
  exponential_decay_length_penalty: [],
  remove_invalid_values: [false],
  renormalize_logits: [false],
  token_healing: [false],
  watermarking_config: [],
  max_time: [],
};

/** The same for what HF only reads when it samples. */
const NOT_BUILT_FOR_SAMPLING: Readonly<Record<string, readonly unknown[]>> = {
  typical_p: [1],
  epsilon_cutoff: [0],
  eta_cutoff: [0],
  top_h: [],
};

export function userLayer(user: GenerationOptions, config: ModelConfig): OptionLayer {
  for (const name of Object.keys(user)) {
    if (!Object.hasOwn(OPTION_RULES, name)) throw unknownOption(name);
  }
  return { source: 'option', options: checked({ ...user }, 'option', (name) => name, config), refusedWhenSampling: [] };
}

/** The model's own layers, strongest first: its parameters for the task, then generation_config.json. */
export function modelLayers(defaults: GenerationDefaults, config: ModelConfig, task: string): OptionLayer[] {
  const taskParams = Object.hasOwn(defaults.taskSpecificParams, task) ? defaults.taskSpecificParams[task] : {};
  return [
    hfLayer(taskParams, `task_specific_params.${task}`, config),
    hfLayer(defaults.generationConfig, 'generation_config', config),
  ];
}

/** Names that HF does not know either (a model's own notes, `prefix`, cache and output settings) change nothing there. */
function hfLayer(values: Readonly<Record<string, unknown>>, source: string, config: ModelConfig): OptionLayer {
  const found: Record<string, unknown> = {};
  const hfNameOf: Record<string, string> = {};
  const refusedWhenSampling: PrecisError[] = [];
  for (const [hfName, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (Object.hasOwn(HF_NAMES, hfName)) {
      found[HF_NAMES[hfName]] = hfName === 'stop_strings' && typeof value === 'string' ? [value] : value;
      hfNameOf[HF_NAMES[hfName]] = hfName;
    } else if (isSet(NOT_BUILT, hfName, value)) {
      throw notBuilt(source, hfName, value);
    } else if (isSet(NOT_BUILT_FOR_SAMPLING, hfName, value)) {
      refusedWhenSampling.push(notBuilt(source, hfName, value));
    }
  }
  return { source, options: checked(found, source, (name) => hfNameOf[name], config), refusedWhenSampling };
}

function isSet(table: Readonly<Record<string, readonly unknown[]>>, name: string, value: unknown): boolean {
  if (!Object.hasOwn(table, name)) return false;
  return !table[name].includes(value) && !(Array.isArray(value) && value.length === 0);
}

function checked(
  values: Readonly<Record<string, unknown>>,
  source: string,
  nameShown: (name: keyof GenerationOptions) => string,
  config: ModelConfig,
): GenerationOptions {
  const result: Record<string, unknown> = {};
  for (const name of OPTION_NAMES) {
    const value = values[name];
    if (value === undefined) continue;
    const rule = OPTION_RULES[name];
    if (!rule.accepts(value, config)) {
      throw new PrecisError('generation', {
        found: `${source} ${nameShown(name)} is ${show(value)}`,
        expected: rule.expected,
      });
    }
    result[name] = value;
  }
  return result;
}

function unknownOption(name: string): PrecisError {
  const nearest = nearestName(name, OPTION_NAMES);
  return new PrecisError('generation', {
    found: `unknown option ${name}`,
    expected: 'a generation option that is built',
    action: nearest ? `did you mean ${nearest}?` : `known options: ${OPTION_NAMES.join(', ')}`,
  });
}

function notBuilt(source: string, name: string, value: unknown): PrecisError {
  return new PrecisError('generation', {
    found: `${source} sets ${name} to ${show(value)}, which is not supported`,
    expected: 'it to be absent or neutral',
    action: 'remove it from the model folder, knowing that results then differ from what its authors chose',
  });
}

export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
