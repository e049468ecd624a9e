import { openCheckpoint } from '../checkpoint/open.js';
import { shippedProblem } from '../engine/builtin/shippedModel.js';
import { isGenericFolder } from '../engine/generic/genericFolder.js';
import { resolveOptions } from '../engine/search/options.js';
import { convertOpened } from '../graph/convert.js';
import { chooseTask } from '../text/prompt.js';
import { openTokenizer } from '../text/tokenizer.js';
import { isWeightless } from './builtin.js';
import { modelFolder } from './modelUri.js';
import { openModel } from './openModel.js';
import type { TextFunctionOptions } from './texts/textFunction.js';

/**
 * All that can be wrong with a model and its options, said before a worker starts; and its conversion, which several workers would otherwise do at
 * once. A T5 folder is not opened for that: its weights belong into the workers alone.
 */
export async function prepareModel(options: TextFunctionOptions): Promise<{ readonly precision: string }> {
  const { uri, load, generation, text, resultType } = options;
  const dir = isWeightless(uri) ? null : modelFolder(uri);
  if (dir === null || isGenericFolder(dir)) {
    const model = await openModel(uri, load);
    try {
      if (resultType === 'double[]') await model.embed([], text);
      else await model.generateTexts([], generation, text);
      return { precision: model.precision };
    } finally {
      await model.close();
    }
  }
  try {
    return await prepareCheckpoint(dir, options);
  } catch (error) {
    throw shippedProblem(uri, error);
  }
}

async function prepareCheckpoint(dir: string, { load, generation }: TextFunctionOptions) {
  const checkpoint = openCheckpoint(dir);
  try {
    const { config, defaults } = checkpoint;
    resolveOptions(generation, defaults, config, chooseTask(defaults.taskSpecificParams, load.task));
    openTokenizer(load.tokenizer ?? dir, config);
    return await convertOpened(checkpoint, { precision: load.precision });
  } finally {
    checkpoint.weights.close();
  }
}
