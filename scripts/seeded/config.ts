import type { ModelConfig } from '../../src/checkpoint/types.js';

export type Family = 't5' | 't5-v1.1' | 'mt5' | 'byt5' | 'umt5';
export type Size = 'tiny' | 'small';

export interface Shape {
  readonly family: Family;
  readonly size: Size;
  readonly layers?: number;
  readonly decoderLayers?: number;
  /** Entries of the tokenizer; the embedding is padded to the next multiple of 128, as the published models' is. */
  readonly tokens: number;
  readonly dimensions?: Dimensions;
}

/** Other dimensions than the size's own, where one that is no multiple of anything must work too. */
export interface Dimensions {
  readonly dModel?: number;
  readonly heads?: number;
  readonly dKv?: number;
  readonly vocabSize?: number;
}

const SMALL: Record<Family, { d: number; ff: number; heads: number; layers: number; decoderLayers: number }> = {
  t5: { d: 512, ff: 2048, heads: 8, layers: 6, decoderLayers: 6 },
  't5-v1.1': { d: 512, ff: 1024, heads: 6, layers: 8, decoderLayers: 8 },
  mt5: { d: 512, ff: 1024, heads: 6, layers: 8, decoderLayers: 8 },
  byt5: { d: 1472, ff: 3584, heads: 6, layers: 12, decoderLayers: 4 },
  umt5: { d: 512, ff: 1024, heads: 6, layers: 8, decoderLayers: 8 },
};

/** The dimensions of a seeded checkpoint, in the terms of the converter. */
export function seededConfig(shape: Shape): ModelConfig {
  const { family, dimensions = {} } = shape;
  const dims = shape.size === 'tiny' ? { d: 64, ff: 128, heads: 4, layers: 2, decoderLayers: 2 } : SMALL[family];
  const original = family === 't5';
  // Transformers 4 and 5 agree on UMT5 only where the head is tied (5.x scales an untied head too), so ours is tied.
  const tied = original || family === 'umt5';
  return {
    modelType: family === 'mt5' ? 'mt5' : family === 'umt5' ? 'umt5' : 't5',
    vocabSize: dimensions.vocabSize ?? Math.ceil(shape.tokens / 128) * 128,
    dModel: dimensions.dModel ?? dims.d,
    dKv: dimensions.dKv ?? (shape.size === 'tiny' ? 16 : 64),
    dFf: dims.ff,
    numHeads: dimensions.heads ?? dims.heads,
    numLayers: shape.layers ?? dims.layers,
    numDecoderLayers: shape.decoderLayers ?? shape.layers ?? dims.decoderLayers,
    relativeBuckets: 32,
    relativeMaxDistance: 128,
    layerNormEpsilon: 1e-6,
    activation: original ? 'relu' : 'gelu_new',
    gated: !original,
    tiedHead: tied,
    scaleHead: tied,
    biasInEveryLayer: family === 'umt5',
    padTokenId: 0,
    eosTokenIds: [1],
    decoderStartTokenId: 0,
  };
}

const ARCHITECTURES = {
  t5: 'T5ForConditionalGeneration',
  mt5: 'MT5ForConditionalGeneration',
  umt5: 'UMT5ForConditionalGeneration',
};

/** The same as the config.json that transformers 4 saves. */
export function configJson(config: ModelConfig): Record<string, unknown> {
  return {
    architectures: [ARCHITECTURES[config.modelType]],
    d_ff: config.dFf,
    d_kv: config.dKv,
    d_model: config.dModel,
    decoder_start_token_id: config.decoderStartTokenId,
    dense_act_fn: config.activation,
    dropout_rate: 0.1,
    eos_token_id: config.eosTokenIds[0],
    feed_forward_proj: config.gated ? 'gated-gelu' : 'relu',
    is_encoder_decoder: true,
    is_gated_act: config.gated,
    layer_norm_epsilon: config.layerNormEpsilon,
    model_type: config.modelType,
    num_decoder_layers: config.numDecoderLayers,
    num_heads: config.numHeads,
    num_layers: config.numLayers,
    pad_token_id: config.padTokenId,
    relative_attention_max_distance: config.relativeMaxDistance,
    relative_attention_num_buckets: config.relativeBuckets,
    tie_word_embeddings: config.tiedHead,
    torch_dtype: 'float32',
    transformers_version: '4.57.6',
    use_cache: true,
    vocab_size: config.vocabSize,
  };
}
