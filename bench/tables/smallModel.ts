import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { prepareModel } from '../../src/measure/model.js';
import { folders, makeCheckpoint } from '../models.js';
import { documents } from './inputs.js';
import type { TablesOptions } from './options.js';

export const NEW_TOKENS = 60;
export const MEAN_TOKENS = 430;

/** A checkpoint of T5-small's dimensions, converted, and documents for it. */
export interface SmallModel {
  readonly checkpoint: string;
  readonly file: string;
  readonly texts: readonly string[];
}

export async function smallModel(options: TablesOptions): Promise<SmallModel> {
  const cache = path.dirname(options.cache);
  mkdirSync(cache, { recursive: true });
  const where = folders(cache);
  if (options.checkpoint === undefined) await makeCheckpoint(where, options.tokenizer);
  const checkpoint = options.checkpoint ?? where.checkpoint;
  const { countTokens } = await prepareModel(checkpoint, { precisions: ['auto'] });
  return { checkpoint, ...(await documents(options.cache, options.documents, MEAN_TOKENS, countTokens)) };
}
