import type { ModelConfig } from '../checkpoint/types.js';
import type { CrossKernel } from './crossLayout.js';
import type { HeadKind } from './headGraph.js';
import type { Precision } from './linear.js';
import type { BiasTable } from './relativeBias.js';

/** Raised whenever the graphs change in a way that makes older converted folders wrong or slow. */
export const CONVERTER_VERSION = 7;

/** The encoder's output that no decoder reads: its states' mean over the document. */
export const EMBEDDING = 'embedding';

export const MANIFEST_FILE = 'precis.json';
export const WEIGHT_FILE = 'weights.bin';
export const ENCODER_FILE = 'encoder.onnx';
export const decoderFile = (head: HeadKind): string => `decoder.${head}.onnx`;

/** How the int8 products of a converted model are computed; depends on the processor, so it is part of the cache's key. */
export interface Kernels {
  readonly crossKernel: CrossKernel;
  readonly weightLimit: 127 | 63;
}

/** Everything beside the graphs that the engine needs of a converted model. */
export interface ConvertedManifest {
  readonly converterVersion: number;
  readonly checkpointHash: string;
  readonly precision: Precision;
  readonly kernels: Kernels;
  readonly config: ModelConfig;
  readonly parameters: number;
  /** One table, or one a layer for families with a bias in every layer. */
  readonly encoderBias: readonly BiasTable[];
  readonly decoderBias: readonly BiasTable[];
}
