import { shippedProblem } from '../engine/builtin/shippedModel.js';
import { isGenericFolder } from '../engine/generic/genericFolder.js';
import { chooseTask } from '../text/prompt.js';
import { isWeightless, openBuiltinModel } from './builtin.js';
import { checkOptions, LOAD_RULES } from './checkOptions.js';
import { modelFolder } from './modelUri.js';
import type { ModelParts } from './parts.js';
import { TextModel } from './textModel.js';
import type { LoadedModel, LoadOptions } from './types.js';

/** Opens what a model URI names: a model without weights, or a folder, run natively or by the generic engine. */
export async function openModel(uri: string, options: LoadOptions = {}): Promise<LoadedModel> {
  checkOptions(options, LOAD_RULES);
  if (isWeightless(uri)) return openBuiltinModel(uri, options);
  const parts = await openParts(uri, options);
  return new TextModel(uri, chooseTask(parts.taskSpecificParams, options.task), parts);
}

/** Engines are loaded when one is needed: a worker of a model without weights has neither their code nor their native library in memory. */
async function openParts(uri: string, options: LoadOptions): Promise<ModelParts> {
  const dir = modelFolder(uri);
  try {
    if (!isGenericFolder(dir)) return await (await import('./native.js')).openNative(dir, options);
    return await (await import('../engine/generic/genericEngine.js')).openGenericEngine(dir, options);
  } catch (error) {
    throw shippedProblem(uri, error);
  }
}
