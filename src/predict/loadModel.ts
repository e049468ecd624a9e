import { openModel } from './openModel.js';
import type { LoadedModel, LoadOptions } from './types.js';

export async function loadModel(uri: string, options: LoadOptions = {}): Promise<LoadedModel> {
  return await openModel(uri, options);
}
