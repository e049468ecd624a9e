import { Vector } from 'apache-arrow';
import { SHIPPED_MODEL } from '../engine/builtin/shippedModel.js';
import { PrecisError } from '../errors.js';
import { Table } from '../table/table.js';
import { openModel } from './openModel.js';
import { type PredictTableOptions, TablePredictions } from './predictTable.js';
import { predictTexts, predictVector } from './predictTexts.js';
import type { LoadedModel, LoadOptions } from './types.js';
import type { PredictOptions, PredictVectorOptions } from './udfTypes.js';

/** What `loadModel` gives: a model that takes whatever texts come in. */
export interface Model extends LoadedModel {
  /** In this process and at once: for a few texts. */
  predict(text: string, options?: PredictOptions): Promise<string>;
  predict(texts: readonly string[], options?: PredictOptions): Promise<string[]>;
  /** A vector of as many values; null stays null. */
  predict(texts: Vector, options?: PredictVectorOptions): Promise<Vector>;
  /** The table with a column more, computed by a pool when the table is written or collected. */
  predict(table: Table, options: PredictTableOptions): Promise<Table>;
}

/** Without a URI the built-in model. */
export async function loadModel(uri: string = SHIPPED_MODEL, options: LoadOptions = {}): Promise<Model> {
  const model = await openModel(uri, options);
  const tables = new TablePredictions(uri, options);
  const predict = async (input: unknown, how: object = {}): Promise<unknown> => {
    if (typeof input === 'string') return (await predictTexts(model, [input], how))[0];
    if (Array.isArray(input)) return await predictTexts(model, input, how);
    if (input instanceof Vector) return await predictVector(model, input, how);
    if (input instanceof Table) return await tables.add(input, how as PredictTableOptions);
    throw new PrecisError('input', {
      found: `predict was given ${JSON.stringify(input) ?? String(input)}`,
      expected: 'a text, a list of texts, an Arrow vector or a table',
    });
  };
  const closeEngine = model.close.bind(model);
  const close = async () => {
    await tables.close();
    await closeEngine();
  };
  return Object.assign(model, { predict: predict as Model['predict'], close });
}
