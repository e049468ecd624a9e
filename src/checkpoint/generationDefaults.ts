import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { isObject, readJsonObject } from './jsonFile.js';
import type { GenerationDefaults } from './types.js';

/** The generation settings that transformers 4 keeps in config.json when there is no generation_config.json. */
const CONFIG_KEYS = [
  'max_length',
  'min_length',
  'do_sample',
  'early_stopping',
  'num_beams',
  'temperature',
  'top_k',
  'top_p',
  'typical_p',
  'repetition_penalty',
  'length_penalty',
  'no_repeat_ngram_size',
  'encoder_no_repeat_ngram_size',
  'bad_words_ids',
  'num_return_sequences',
  'num_beam_groups',
  'diversity_penalty',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'remove_invalid_values',
  'exponential_decay_length_penalty',
  'suppress_tokens',
  'begin_suppress_tokens',
  'bos_token_id',
  'eos_token_id',
  'pad_token_id',
  'decoder_start_token_id',
];

/** generation_config.json as it is, or else what config.json says of generation; and the settings by task. */
export function generationDefaults(dir: string, config: Readonly<Record<string, unknown>>): GenerationDefaults {
  const file = path.join(dir, 'generation_config.json');
  const generationConfig = fs.existsSync(file)
    ? readJsonObject(file, 'generation')
    : Object.fromEntries(CONFIG_KEYS.filter((key) => config[key] != null).map((key) => [key, config[key]]));
  const tasks = config.task_specific_params ?? {};
  if (!isObject(tasks) || !Object.values(tasks).every(isObject)) {
    throw new PrecisError('config', {
      found: `${path.join(dir, 'config.json')}: task_specific_params is ${JSON.stringify(tasks).slice(0, 80)}`,
      expected: 'an object of settings by task',
      action: 'mend the file or download it again',
    });
  }
  return Object.freeze({
    generationConfig: Object.freeze(generationConfig),
    taskSpecificParams: Object.freeze(tasks as Record<string, Record<string, unknown>>),
  });
}
