import '../engine/noTelemetry.js';

import { openCheckpoint } from '../checkpoint/open.js';
import { NativeEngine } from '../engine/index.js';
import { convertOpened } from '../graph/convert.js';
import { chooseTask } from '../text/prompt.js';
import { openTokenizer } from '../text/tokenizer.js';
import type { ModelParts } from './parts.js';
import type { LoadOptions } from './types.js';

/** A T5-family checkpoint, converted on first use. Whatever can be wrong cheaply is looked at before the conversion. */
export async function openNative(dir: string, options: LoadOptions): Promise<ModelParts> {
  const checkpoint = openCheckpoint(dir);
  try {
    const { config, defaults } = checkpoint;
    const task = chooseTask(defaults.taskSpecificParams, options.task);
    const tokenizer = openTokenizer(options.tokenizer ?? dir, config);
    const { dir: converted, precision } = await convertOpened(checkpoint, { precision: options.precision });
    const { batchRows, threads } = options;
    const decode = (ids: Int32Array) => tokenizer.decode(ids);
    const engine = await NativeEngine.open(converted, { defaults, task, batchRows, threads, decode });
    return { engine, tokenizer, precision, taskSpecificParams: defaults.taskSpecificParams };
  } finally {
    checkpoint.weights.close();
  }
}
