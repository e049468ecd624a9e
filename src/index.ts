/** The public API. */

import './engine/noTelemetry.js';

export type { FinishReason, GenerationOptions } from './engine/types.js';
export { type ErrorScope, PrecisError } from './errors.js';
export type { Conversion, ConvertOptions } from './graph/convert.js';
export { convertCheckpoint } from './predict/convertCheckpoint.js';
export { loadModel } from './predict/loadModel.js';
export type {
  Generated,
  GeneratedText,
  LoadedModel,
  LoadOptions,
  ScoredText,
  ScoreOptions,
  TextOptions,
} from './predict/types.js';
