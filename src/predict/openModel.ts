import { isGenericFolder, openGenericEngine } from '../engine/generic/genericEngine.js';
import { chooseTask } from '../text/prompt.js';
import { isBuiltin, openBuiltinModel } from './builtin.js';
import { checkOptions, LOAD_RULES } from './checkOptions.js';
import { modelFolder } from './modelUri.js';
import { openNative } from './native.js';
import { TextModel } from './textModel.js';
import type { LoadedModel, LoadOptions } from './types.js';

/** Opens what a model URI names: a model without weights, or a folder, run natively or by the generic engine. */
export async function openModel(uri: string, options: LoadOptions = {}): Promise<LoadedModel> {
  checkOptions(options, LOAD_RULES);
  if (isBuiltin(uri)) return openBuiltinModel(uri, options);
  const dir = modelFolder(uri);
  const parts = isGenericFolder(dir) ? await openGenericEngine(dir, options) : await openNative(dir, options);
  return new TextModel(uri, chooseTask(parts.taskSpecificParams, options.task), parts);
}
