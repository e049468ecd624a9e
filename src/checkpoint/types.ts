/** One frozen, validated description of a T5-family checkpoint: everything the graphs and the engine need, nothing else. */
export interface ModelConfig {
  readonly modelType: 't5' | 'mt5' | 'umt5';
  readonly vocabSize: number;
  readonly dModel: number;
  readonly dKv: number;
  readonly dFf: number;
  readonly numHeads: number;
  readonly numLayers: number;
  readonly numDecoderLayers: number;
  readonly relativeBuckets: number;
  readonly relativeMaxDistance: number;
  readonly layerNormEpsilon: number;
  /** The feed-forward activation; `gated` says whether it multiplies a second linear branch. */
  readonly activation: 'relu' | 'gelu_new' | 'gelu' | 'silu';
  readonly gated: boolean;
  /** Head shares the embedding matrix; T5 v1.0 then scales the decoder output by d_model^-0.5. */
  readonly tiedHead: boolean;
  readonly scaleHead: boolean;
  /** UMT5 has a relative bias table in every layer, the others only in the first one. */
  readonly biasInEveryLayer: boolean;
  readonly padTokenId: number;
  readonly eosTokenIds: readonly number[];
  readonly decoderStartTokenId: number;
}

/** Where one tensor's bytes lie. Values are read on demand, tensor by tensor. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: 'F32' | 'F16' | 'BF16';
  readonly shape: readonly number[];
  readonly file: string;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Weights by their canonical names (after aliases such as a missing `shared.weight` were resolved). */
export interface WeightSource {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Reads one tensor as float32; nothing is kept. */
  readFloat32(name: string): Float32Array;
  close(): void;
}

/** The raw generation settings a checkpoint brings, in HF's snake_case names, before validation by the engine. */
export interface GenerationDefaults {
  readonly generationConfig: Readonly<Record<string, unknown>>;
  readonly taskSpecificParams: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Checkpoint {
  readonly dir: string;
  readonly config: ModelConfig;
  readonly defaults: GenerationDefaults;
  readonly weights: WeightSource;
  /** SHA-256 over config.json and the weight files' names and contents: the cache key's first part. */
  readonly hash: string;
  readonly parameters: number;
  /** What was found and left unused, a line each. */
  readonly warnings: readonly string[];
}
