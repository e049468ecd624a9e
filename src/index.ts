/** The public API. */

import './engine/noTelemetry.js';

export type { FinishReason, GenerationOptions } from './engine/types.js';
export { type ErrorScope, PrecisError } from './errors.js';
export { type Conversion, type ConvertOptions, convertCheckpoint } from './graph/convert.js';
export { loadModel } from './predict/loadModel.js';
export type { Generated, GeneratedText, LoadedModel, LoadOptions, TextOptions } from './predict/types.js';
