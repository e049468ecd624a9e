import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { modelConfig } from '../../src/checkpoint/config.js';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { PrecisError } from '../../src/errors.js';
import { CONFIG, checkpointFolder, temporaryFolder } from './folders.js';

const MEND = '; mend the file or download it again';

function problemOf(action: () => unknown): PrecisError {
  try {
    action();
  } catch (error) {
    if (error instanceof PrecisError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('families', () => {
  const dims = { vocab_size: 384, d_model: 8, d_kv: 4, d_ff: 16, num_layers: 3, num_heads: 2 };
  // The fields that tell the published configurations apart, as their config.json files have them.
  const cases: [string, object, object][] = [
    [
      't5-small',
      { model_type: 't5', n_positions: 512, feed_forward_proj: 'relu', decoder_start_token_id: 0 },
      { activation: 'relu', gated: false, tiedHead: true, scaleHead: true, numDecoderLayers: 3 },
    ],
    [
      't5-small of 2020, without feed_forward_proj',
      { model_type: 't5', n_positions: 512, initializer_factor: 1.0, layer_norm_epsilon: 1e-6 },
      { activation: 'relu', gated: false, tiedHead: true, scaleHead: true, relativeMaxDistance: 128 },
    ],
    [
      'flan-t5-small',
      {
        model_type: 't5',
        feed_forward_proj: 'gated-gelu',
        is_gated_act: true,
        dense_act_fn: 'gelu_new',
        tie_word_embeddings: false,
      },
      { activation: 'gelu_new', gated: true, tiedHead: false, scaleHead: false },
    ],
    [
      'flan-t5-small saved by transformers 5',
      { model_type: 't5', feed_forward_proj: 'gated-gelu', tie_word_embeddings: true, scale_decoder_outputs: false },
      { activation: 'gelu_new', gated: true, scaleHead: false },
    ],
    [
      'mt5-small',
      { model_type: 'mt5', feed_forward_proj: 'gated-gelu', tie_word_embeddings: false, num_decoder_layers: 5 },
      {
        modelType: 'mt5',
        gated: true,
        tiedHead: false,
        scaleHead: false,
        numDecoderLayers: 5,
        biasInEveryLayer: false,
      },
    ],
    [
      'mt5 with what its class assumes',
      { model_type: 'mt5' },
      { activation: 'gelu_new', gated: true, tiedHead: false, scaleHead: false },
    ],
    [
      'byt5-small',
      {
        model_type: 't5',
        feed_forward_proj: 'gated-gelu',
        tie_word_embeddings: false,
        num_decoder_layers: 1,
        eos_token_id: 1,
      },
      {
        modelType: 't5',
        vocabSize: 384,
        gated: true,
        tiedHead: false,
        numLayers: 3,
        numDecoderLayers: 1,
        eosTokenIds: [1],
      },
    ],
    [
      'umt5-small',
      { model_type: 'umt5', feed_forward_proj: 'gated-gelu', tie_word_embeddings: false },
      { modelType: 'umt5', biasInEveryLayer: true, tiedHead: false, scaleHead: false },
    ],
    ['gated silu', { model_type: 't5', feed_forward_proj: 'gated-silu' }, { activation: 'silu', gated: true }],
    ['plain gelu', { model_type: 't5', feed_forward_proj: 'gelu' }, { activation: 'gelu', gated: false }],
    [
      'nulls',
      { model_type: 't5', num_decoder_layers: null, pad_token_id: null },
      { numDecoderLayers: 3, padTokenId: 0 },
    ],
    [
      'several end tokens',
      { model_type: 't5', eos_token_id: [1, 9], pad_token_id: 2 },
      { eosTokenIds: [1, 9], padTokenId: 2, decoderStartTokenId: 2 },
    ],
  ];
  test.each(cases)('%s', (_, json, facts) => {
    const config = modelConfig('config.json', { ...dims, ...json });
    expect(config).toMatchObject(facts);
    expect(Object.isFrozen(config) && Object.isFrozen(config.eosTokenIds)).toBe(true);
  });
});

test('special tokens of generation_config.json win', () => {
  const generation = { eos_token_id: [3, 4], decoder_start_token_id: 5 };
  const config = modelConfig('config.json', CONFIG, generation);
  expect(config).toMatchObject({ eosTokenIds: [3, 4], decoderStartTokenId: 5, padTokenId: 0 });
});

const WRONG_FIELDS: [object, string][] = [
  [{ d_model: '512' }, 'd_model is "512", expected a whole number of at least 1'],
  [{ d_model: undefined }, 'd_model is missing, expected a whole number of at least 1'],
  [{ num_layers: 0 }, 'num_layers is 0, expected a whole number of at least 1'],
  [{ num_heads: 1.5 }, 'num_heads is 1.5, expected a whole number of at least 1'],
  [{ vocab_size: null }, 'vocab_size is missing, expected a whole number of at least 1'],
  [{ layer_norm_epsilon: 0 }, 'layer_norm_epsilon is 0, expected a number above 0'],
  [{ tie_word_embeddings: 'no' }, 'tie_word_embeddings is "no", expected true or false'],
  [
    { feed_forward_proj: 'gated' },
    'feed_forward_proj is "gated", expected an activation among relu, gelu_new, gelu, silu, swish',
  ],
  [
    { feed_forward_proj: 'fast-gelu' },
    'feed_forward_proj is "fast-gelu", expected an activation or "gated-" and an activation',
  ],
  [{ dense_act_fn: 'mish' }, 'dense_act_fn is "mish", expected an activation among relu, gelu_new, gelu, silu, swish'],
  [{ relative_attention_num_buckets: 30 }, 'relative_attention_num_buckets is 30, expected a multiple of 4'],
  [
    { relative_attention_max_distance: 16 },
    'relative_attention_max_distance is 16, expected more than half of relative_attention_num_buckets',
  ],
  [{ eos_token_id: 8 }, 'eos_token_id is 8, expected token ids from 0 to 7'],
  [{ eos_token_id: [] }, 'eos_token_id is [], expected token ids from 0 to 7'],
  [{ pad_token_id: -1 }, 'pad_token_id is -1, expected token ids from 0 to 7'],
];

test.each(WRONG_FIELDS)('wrong field %j', (fields, message) => {
  const problem = problemOf(() => modelConfig('F', { ...CONFIG, ...fields }));
  expect(problem.message).toBe(`[config] F: ${message}${MEND}`);
});

test('several wrong fields are told in one error', () => {
  const problem = problemOf(() => modelConfig('F', { model_type: 't5', d_kv: true }));
  expect(problem.message).toBe(
    `[config] F has 6 fields that do not fit, expected a configuration of the T5 family${MEND}`,
  );
  expect(problem.details[0]).toBe('vocab_size is missing, expected a whole number of at least 1');
  expect(problem.details).toContain('d_kv is true, expected a whole number of at least 1');
});

const BART = { model_type: 'bart' };
const OTHERS = '; use a checkpoint of the T5 family (T5, T5 v1.1, FLAN-T5, mT5, ByT5, UMT5)';
const FOLDER = 'expected a checkpoint folder with config.json and model.safetensors';

const WRONG_FOLDERS: [string, Record<string, string | object | null>, string][] = [
  [
    'another model type',
    { 'config.json': BART },
    `[config] DIR/config.json is of model type "bart", expected t5, mt5, umt5${OTHERS}`,
  ],
  [
    'no model type',
    { 'config.json': {} },
    `[config] DIR/config.json names no model_type, expected t5, mt5, umt5${OTHERS}`,
  ],
  [
    'no config.json',
    { 'config.json': null },
    `[config] DIR has no config.json, ${FOLDER}; download it into the folder`,
  ],
  [
    'a list',
    { 'config.json': '[]' },
    '[config] DIR/config.json holds a list, expected a JSON object; download the file again',
  ],
  [
    'a Git-LFS pointer',
    { 'config.json': 'version https://git-lfs.github.com/spec/v1\n' },
    '[config] DIR/config.json is a Git-LFS pointer, expected a JSON object; run `git lfs pull` in that folder',
  ],
  [
    'task parameters that are none',
    { 'config.json': { ...CONFIG, task_specific_params: ['summarization'] } },
    `[config] DIR/config.json: task_specific_params is ["summarization"], expected an object of settings by task${MEND}`,
  ],
];

test.each(WRONG_FOLDERS)('folder: %s', (_, files, message) => {
  const dir = checkpointFolder(files);
  const problem = problemOf(() => openCheckpoint(dir));
  expect(problem.message.replaceAll(dir + path.sep, 'DIR/').replaceAll(dir, 'DIR')).toBe(message);
});

test('config.json and generation_config.json that are not JSON', () => {
  const config = problemOf(() => openCheckpoint(checkpointFolder({ 'config.json': '{"a": 1,}' })));
  expect(config.message).toMatch(
    /^\[config\] .*config\.json is not JSON \(.+\), expected a JSON object; download the file again$/,
  );
  const generation = problemOf(() => openCheckpoint(checkpointFolder({ 'generation_config.json': '' })));
  expect(generation.message).toMatch(/^\[generation\] .*generation_config\.json is not JSON/);
});

test('a path that leads nowhere', () => {
  const dir = path.join(temporaryFolder(), 'nowhere');
  expect(problemOf(() => openCheckpoint(dir)).message).toBe(`[model] no folder ${dir}, ${FOLDER}; check the path`);
});

describe('generation defaults', () => {
  const tasks = { summarization: { num_beams: 4, prefix: 'summarize: ' } };

  test('generation_config.json as it is', () => {
    const raw = { num_beams: 3, eos_token_id: 1, made_up: true };
    const json = { ...CONFIG, num_beams: 7, task_specific_params: tasks };
    const { defaults, weights } = openCheckpoint(
      checkpointFolder({ 'config.json': json, 'generation_config.json': raw }),
    );
    expect(defaults).toEqual({ generationConfig: raw, taskSpecificParams: tasks });
    weights.close();
  });

  test('without it, what config.json says of generation, as transformers 4 takes it', () => {
    const json = { ...CONFIG, num_beams: 7, max_length: 33, top_k: null, dropout_rate: 0.1 };
    const { defaults, weights } = openCheckpoint(checkpointFolder({ 'config.json': json }));
    const generationConfig = {
      num_beams: 7,
      max_length: 33,
      eos_token_id: 1,
      pad_token_id: 0,
      decoder_start_token_id: 0,
    };
    expect(defaults).toEqual({ generationConfig, taskSpecificParams: {} });
    weights.close();
  });
});
