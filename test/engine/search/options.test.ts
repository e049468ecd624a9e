import { describe, expect, it } from 'vitest';
import type { GenerationDefaults } from '../../../src/checkpoint/types.js';
import { resolveOptions } from '../../../src/engine/search/options.js';
import type { GenerationOptions } from '../../../src/engine/types.js';
import { PrecisError } from '../../../src/errors.js';
import { HASH_CONFIG } from './fixture.js';

const T5_SMALL: GenerationDefaults = {
  generationConfig: { _from_model_config: true, decoder_start_token_id: 0, eos_token_id: 1, pad_token_id: 0 },
  taskSpecificParams: {
    summarization: {
      early_stopping: true,
      length_penalty: 2.0,
      max_length: 200,
      min_length: 30,
      no_repeat_ngram_size: 3,
      num_beams: 4,
      prefix: 'summarize: ',
    },
    translation_en_to_de: {
      early_stopping: true,
      max_length: 300,
      num_beams: 4,
      prefix: 'translate English to German: ',
    },
  },
};

const model = (generationConfig: Record<string, unknown>, summarization: Record<string, unknown> = {}) => ({
  generationConfig,
  taskSpecificParams: { summarization },
});
const resolve = (user: GenerationOptions = {}, defaults: GenerationDefaults = model({}), task?: string) =>
  resolveOptions(user, defaults, HASH_CONFIG, task);

describe('where options come from', () => {
  it('takes T5-small as its authors set it', () => {
    expect(resolve({}, T5_SMALL)).toMatchObject({
      numBeams: 4,
      earlyStopping: true,
      lengthPenalty: 2,
      maxLength: 200,
      minLength: 30,
      noRepeatNgramSize: 3,
    });
    expect(resolve({}, T5_SMALL, 'translation_en_to_de')).toMatchObject({ maxLength: 300, minLength: 0, numBeams: 4 });
  });

  it.each<[string, GenerationOptions, GenerationDefaults, object]>([
    ['nothing said: 4 beams, 256 new tokens', {}, model({}), { numBeams: 4, maxLength: 257, minLength: 0, topK: 50 }],
    ['generation_config', {}, model({ num_beams: 2, max_new_tokens: 9 }), { numBeams: 2, maxLength: 10 }],
    ['task over generation_config', {}, model({ num_beams: 2 }, { num_beams: 3 }), { numBeams: 3 }],
    ['user over task', { numBeams: 5 }, model({ num_beams: 2 }, { num_beams: 3 }), { numBeams: 5 }],
    ['null says nothing', {}, model({ num_beams: null }), { numBeams: 4 }],
    ['undefined says nothing', { numBeams: undefined }, model({ num_beams: 2 }), { numBeams: 2 }],
    [
      'the task may turn back to neutral',
      {},
      model({ length_penalty: 2 }, { length_penalty: 1 }),
      { lengthPenalty: 1 },
    ],
    ['max_new_tokens over max_length', { maxNewTokens: 5, maxLength: 50 }, model({}), { maxLength: 6 }],
    ['user length over the model’s new tokens', { maxLength: 50 }, model({ max_new_tokens: 5 }), { maxLength: 50 }],
    ['new tokens count behind the prefix', { maxNewTokens: 5, decoderPrefixIds: [7, 8] }, model({}), { maxLength: 8 }],
    ['min_new_tokens too', { minNewTokens: 4, decoderPrefixIds: [7] }, model({ min_length: 3 }), { minLength: 6 }],
    ['minNewTokens 0 switches min_length off', { minNewTokens: 0 }, model({ min_length: 3 }), { minLength: 0 }],
    ['the model’s end tokens', {}, model({ eos_token_id: [1, 9] }), { eosTokenIds: [1, 9] }],
    ['the model’s start token', {}, model({ decoder_start_token_id: 4 }), { promptIds: [4] }],
    ['one forced end token is a list', { forcedEosTokenId: 1 }, model({}), { forcedEosTokenIds: [1] }],
    ['one stop string of a model is a list', {}, model({ stop_strings: 'end' }), { stopStrings: ['end'] }],
    ['sampling without beams', { doSample: true }, T5_SMALL, { numBeams: 1, doSample: true }],
    ['a model that samples', {}, model({ do_sample: true, top_p: 0.9 }), { numBeams: 1, topP: 0.9 }],
    ['sampling notes of a model that does not', {}, model({ temperature: 0.3, typical_p: 0.5 }), { doSample: false }],
    ['greedy with a model’s beam settings', { numBeams: 1 }, T5_SMALL, { numBeams: 1, lengthPenalty: 2 }],
    ['neutral values of what is not built', {}, model({ num_beam_groups: 1, diversity_penalty: 0 }), { numBeams: 4 }],
    ['names that HF does not know', {}, model({ max_source: 512, use_cache: true }), { numBeams: 4 }],
    ['empty lists', { suppressTokens: [] }, model({ suppress_tokens: [4], constraints: [] }), { suppressTokens: [] }],
  ])('%s', (_, user, defaults, expected) => {
    expect(resolve(user, defaults)).toMatchObject(expected);
  });

  it('gives something that cannot be changed and leaves what it was given alone', () => {
    const words = [[5, 6]];
    const options = resolve({ badWordsIds: words });
    expect(Object.isFrozen(options) && Object.isFrozen(options.badWordsIds[0])).toBe(true);
    expect(Object.isFrozen(words) || Object.isFrozen(HASH_CONFIG.eosTokenIds)).toBe(false);
  });
});

describe('what is refused', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ num_beams: 4 }, 'unknown option num_beams, expected a generation option that is built; did you mean numBeams?'],
    [{ maxNewToken: 4 }, 'did you mean maxNewTokens?'],
    [{ typicalP: 0.9 }, 'unknown option typicalP'],
    [{ xyzzyplugh: 1 }, 'known options: numBeams, '],
    [{ numBeams: 0 }, 'option numBeams is 0, expected a whole number of at least 1'],
    [{ numBeams: '4' }, 'option numBeams is "4"'],
    [{ maxNewTokens: 2.5 }, 'maxNewTokens is 2.5'],
    [{ lengthPenalty: Number.NaN }, 'lengthPenalty is null'],
    [{ earlyStopping: 'always' }, 'expected true, false or "never"'],
    [{ repetitionPenalty: 0 }, 'expected a number above 0'],
    [{ doSample: true, temperature: 0 }, 'temperature is 0'],
    [{ doSample: true, topP: 1.5 }, 'expected a number from 0 to 1'],
    [{ seed: -1 }, 'seed is -1'],
    [{ forcedBosTokenId: 200 }, 'forcedBosTokenId is 200, expected a token id of the vocabulary'],
    [{ suppressTokens: [1, -1] }, 'suppressTokens is [1,-1]'],
    [{ badWordsIds: [[]] }, 'each a list of at least one token id'],
    [{ stopStrings: [''] }, 'none empty'],
    [{ numReturnSequences: 2, numBeams: 1 }, 'numReturnSequences 2 in greedy search'],
    [{ numReturnSequences: 5, numBeams: 4 }, 'at most numBeams, which is 4'],
    [{ doSample: true, numBeams: 2 }, 'doSample with numBeams 2'],
    [{ temperature: 0.5 }, 'temperature 0.5 has no effect here, expected doSample true'],
    [{ seed: 7 }, 'seed 7 has no effect here, expected doSample true'],
    [{ numBeams: 1, lengthPenalty: 2 }, 'lengthPenalty 2 has no effect here, expected numBeams above 1'],
    [{ maxLength: 3, decoderPrefixIds: [4, 5] }, 'maxLength 3, expected more than the 3 tokens'],
    [{ minNewTokens: 9, maxNewTokens: 8 }, 'minNewTokens 9, expected at most maxNewTokens'],
    [{ forcedEosTokenId: 1, suppressTokens: [1, 2] }, 'forcedEosTokenId [1] is also in suppressTokens'],
  ])('%j', (user, message) => {
    expect(() => resolve(user as GenerationOptions)).toThrow(PrecisError);
    expect(() => resolve(user as GenerationOptions)).toThrow(message);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ num_beams: 'four' }, 'generation_config num_beams is "four"'],
    [{ num_beam_groups: 2 }, 'generation_config sets num_beam_groups to 2, which is not supported'],
    [{ diversity_penalty: 0.5 }, 'diversity_penalty'],
    [{ penalty_alpha: 0.6 }, 'penalty_alpha'],
    [{ guidance_scale: 1.5 }, 'guidance_scale'],
    [{ sequence_bias: [[[3], 1.0]] }, 'sequence_bias'],
    [{ exponential_decay_length_penalty: [5, 1.1] }, 'exponential_decay_length_penalty'],
    [{ encoder_repetition_penalty: 1.2 }, 'encoder_repetition_penalty'],
    [{ forced_decoder_ids: [[1, 5]] }, 'forced_decoder_ids'],
    [{ do_sample: true, typical_p: 0.9 }, 'typical_p'],
    [{ do_sample: true, eta_cutoff: 0.1 }, 'eta_cutoff'],
    [{ do_sample: true, num_beams: 4 }, 'doSample with numBeams 4'],
    [{ eos_token_id: 'x' }, 'generation_config eos_token_id is "x"'],
    [{ eos_token_id: 5000 }, 'generation_config eos_token_id is 5000'],
  ])('a model that says %j', (generationConfig, message) => {
    expect(() => resolve({}, model(generationConfig))).toThrow(message);
    expect(() => resolve({}, model(generationConfig))).toThrow(PrecisError);
  });

  it('names the task’s parameters', () => {
    expect(() => resolve({}, model({}, { num_beams: -1 }))).toThrow(
      'task_specific_params.summarization num_beams is -1',
    );
  });
});
