import { PrecisError } from '../errors.js';
import { Fields } from './fields.js';
import type { ModelConfig } from './types.js';

const MODEL_TYPES = ['t5', 'mt5', 'umt5'] as const;

/** HF's names of activations that T5-like models use. */
const ACTIVATIONS = { relu: 'relu', gelu_new: 'gelu_new', gelu: 'gelu', silu: 'silu', swish: 'silu' } as const;

/**
 * config.json as a frozen configuration. `generation` is generation_config.json, whose special tokens win, as in HF's generate.
 * Defaults of absent fields are those of HF's classes; `n_positions` and the like say nothing about relative positions and are ignored.
 */
export function modelConfig(
  file: string,
  json: Readonly<Record<string, unknown>>,
  generation: Readonly<Record<string, unknown>> = {},
): ModelConfig {
  const modelType = knownType(file, json.model_type);
  const fields = new Fields(json);
  const original = modelType === 't5';
  const vocabSize = fields.integer('vocab_size', 1);
  // Without a vocabulary there is nothing to hold token ids against; one problem is not told as several.
  const tokenLimit = fields.problems.length === 0 ? vocabSize : Number.POSITIVE_INFINITY;
  const numLayers = fields.integer('num_layers', 1);
  const relativeBuckets = fields.integer('relative_attention_num_buckets', 4, 32);
  const relativeMaxDistance = fields.integer('relative_attention_max_distance', 1, 128);
  // The encoder halves the buckets by direction, and a half must have both exact and logarithmic ones.
  fields.require('relative_attention_num_buckets', relativeBuckets % 4 === 0, 'a multiple of 4');
  const reaches = relativeMaxDistance > relativeBuckets / 2;
  fields.require('relative_attention_max_distance', reaches, 'more than half of relative_attention_num_buckets');
  const { activation, gated } = feedForward(fields, json, original ? 'relu' : 'gated-gelu');
  // HF's MT5Config has untied weights by default, the other two tied ones.
  const tiedHead = fields.flag('tie_word_embeddings', modelType !== 'mt5');
  const special = new Fields({
    pad_token_id: generation.pad_token_id ?? json.pad_token_id,
    eos_token_id: generation.eos_token_id ?? json.eos_token_id,
    decoder_start_token_id: generation.decoder_start_token_id ?? json.decoder_start_token_id,
  });
  const padTokenId = special.token('pad_token_id', tokenLimit, 0);
  const config: ModelConfig = {
    modelType,
    vocabSize,
    dModel: fields.integer('d_model', 1),
    dKv: fields.integer('d_kv', 1),
    dFf: fields.integer('d_ff', 1),
    numHeads: fields.integer('num_heads', 1),
    numLayers,
    numDecoderLayers: fields.integer('num_decoder_layers', 1, numLayers),
    relativeBuckets,
    relativeMaxDistance,
    layerNormEpsilon: fields.positive('layer_norm_epsilon', 1e-6),
    activation,
    gated,
    tiedHead,
    scaleHead: scaleHead(fields, modelType, tiedHead),
    biasInEveryLayer: modelType === 'umt5',
    padTokenId,
    eosTokenIds: Object.freeze(special.tokens('eos_token_id', tokenLimit, 1)),
    // T5 starts with the padding token; old configurations leave that to convention.
    decoderStartTokenId: special.token('decoder_start_token_id', tokenLimit, padTokenId),
  };
  refuse(file, [...fields.problems, ...special.problems]);
  return Object.freeze(config);
}

function knownType(file: string, value: unknown): ModelConfig['modelType'] {
  const known = MODEL_TYPES.find((type) => type === value);
  if (known) return known;
  throw new PrecisError('config', {
    found: value === undefined ? `${file} names no model_type` : `${file} is of model type ${JSON.stringify(value)}`,
    expected: MODEL_TYPES.join(', '),
    action: 'use a checkpoint of the T5 family (T5, T5 v1.1, FLAN-T5, mT5, ByT5, UMT5)',
  });
}

/**
 * `feed_forward_proj` is ACTIVATION or gated-ACTIVATION, and "gated-gelu" means gelu_new. HF lets the derived fields
 * `dense_act_fn` and `is_gated_act`, which it saves beside it, override what it says.
 */
function feedForward(
  fields: Fields,
  json: Readonly<Record<string, unknown>>,
  missing: string,
): Pick<ModelConfig, 'activation' | 'gated'> {
  const projection = json.feed_forward_proj ?? missing;
  const parts = typeof projection === 'string' ? projection.split('-') : [];
  const wellFormed = parts.length === 1 || (parts.length === 2 && parts[0] === 'gated');
  fields.require('feed_forward_proj', wellFormed, 'an activation or "gated-" and an activation');
  const named = projection === 'gated-gelu' ? 'gelu_new' : parts.at(-1)!;
  const field = json.dense_act_fn == null ? 'feed_forward_proj' : 'dense_act_fn';
  const choices: Record<string, ModelConfig['activation']> = { ...ACTIVATIONS };
  const activation = choices[String(json.dense_act_fn ?? named)];
  if (wellFormed)
    fields.require(field, activation !== undefined, `an activation among ${Object.keys(ACTIVATIONS).join(', ')}`);
  return { activation: activation ?? 'relu', gated: fields.flag('is_gated_act', parts[0] === 'gated') };
}

/**
 * Transformers 4 scales the decoder's output exactly where embedding and head are tied. Transformers 5 saves `tie_word_embeddings`
 * as true always and the decision in `scale_decoder_outputs`, and it never scales MT5.
 */
function scaleHead(fields: Fields, modelType: ModelConfig['modelType'], tied: boolean): boolean {
  return modelType === 'mt5' ? false : fields.flag('scale_decoder_outputs', tied);
}

function refuse(file: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const action = 'mend the file or download it again';
  if (problems.length === 1) {
    const [found, expected] = problems[0].split(', expected ');
    throw new PrecisError('config', { found: `${file}: ${found}`, expected, action });
  }
  throw new PrecisError('config', {
    found: `${file} has ${problems.length} fields that do not fit`,
    expected: 'a configuration of the T5 family',
    action,
    details: problems,
  });
}
