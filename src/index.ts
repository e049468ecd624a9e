/** The public API. */

import './engine/noTelemetry.js';

export type { FinishReason, GenerationOptions } from './engine/types.js';
export { type ErrorScope, PrecisError } from './errors.js';
export { evaluate } from './evaluate/evaluate.js';
export type { EvaluateOptions, EvaluationProgress, ModelOptions } from './evaluate/options.js';
export type { Rubric } from './evaluate/rubric.js';
export type {
  Candidate,
  Cost,
  Difference,
  Estimate,
  EvaluatedRow,
  EvaluatedText,
  Evaluation,
  Metric,
  RowScores,
} from './evaluate/types.js';
export type { Conversion, ConvertOptions } from './graph/convert.js';
export type { PoolEvent } from './pool/types.js';
export { type ColumnInput, col, concat, lit, type TextInput } from './predict/columns.js';
export { convertCheckpoint } from './predict/convertCheckpoint.js';
export { type AiFunction, aiFunction } from './predict/functions/aiFunction.js';
export type {
  AiName,
  AiOptions,
  ClassifyOptions,
  EmbedFunctionOptions,
  ExtractOptions,
  QueryOptions,
} from './predict/functions/aiOptions.js';
export { loadModel, type Model } from './predict/loadModel.js';
export type { LongDocuments } from './predict/longDocuments.js';
export type { PredictTableOptions } from './predict/predictTable.js';
export type { ResultType } from './predict/texts/resultType.js';
export type {
  EmbedOptions,
  Generated,
  GeneratedText,
  LoadedModel,
  LoadOptions,
  ScoredText,
  ScoreOptions,
  TextOptions,
} from './predict/types.js';
export { batchUdf } from './predict/udf.js';
export type {
  OnError,
  OverOptions,
  PredictOptions,
  PredictVectorOptions,
  RowFailure,
  Udf,
  UdfOptions,
  UdfStats,
  UdfValue,
} from './predict/udfTypes.js';
export {
  type BatchFunctionOptions,
  type DefinedFunction,
  defineBatchFunction,
  type ModuleFunction,
} from './predict/user/defineBatchFunction.js';
export type { UserBatchFunction } from './predict/user/userFunction.js';
export type { UserResultType } from './predict/user/userTypes.js';
export { readTable, tableFromBatches, tableFromRows } from './table/open.js';
export { Table } from './table/table.js';
export type { ColumnExpression, ReadOptions, WriteOptions, WriteResult } from './table/types.js';
