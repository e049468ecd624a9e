import fs from 'node:fs';
import zlib from 'node:zlib';
import type { ModelConfig } from '../../../src/checkpoint/types.js';
import type { FinishReason, GenerationOptions } from '../../../src/engine/types.js';
import { VOCAB_SIZE } from './hashModel.js';

export interface ExpectedSequence {
  ids: number[];
  reason: FinishReason;
  score: number;
  tokenScores: number[];
}

export interface SearchCase {
  eosRate: number;
  options: GenerationOptions;
  generationConfig?: Record<string, unknown>;
  results: ExpectedSequence[][];
}

export interface SamplingCase {
  document: number;
  options: GenerationOptions;
  probabilities: Record<string, number>;
}

export interface SearchFixture {
  pieces: string[];
  documents: number[][];
  cases: SearchCase[];
  sampling: SamplingCase[];
}

/** Written by scripts/parity/make_search_fixtures.py. */
export function readSearchFixture(): SearchFixture {
  const packed = fs.readFileSync(new URL('../fixtures/search.json.gz', import.meta.url));
  return JSON.parse(zlib.gunzipSync(packed).toString());
}

export const HASH_CONFIG: ModelConfig = {
  modelType: 't5',
  vocabSize: VOCAB_SIZE,
  dModel: 8,
  dKv: 4,
  dFf: 8,
  numHeads: 2,
  numLayers: 1,
  numDecoderLayers: 1,
  relativeBuckets: 32,
  relativeMaxDistance: 128,
  layerNormEpsilon: 1e-6,
  activation: 'relu',
  gated: false,
  tiedHead: true,
  scaleHead: true,
  biasInEveryLayer: false,
  padTokenId: 0,
  eosTokenIds: [1],
  decoderStartTokenId: 0,
};
