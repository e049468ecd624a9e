import { openCheckpoint } from '../checkpoint/open.js';
import { convertOpened } from '../graph/convert.js';
import type { AskedPrecision } from '../graph/kernels.js';
import { type Engine, type EngineSettings, NativeEngine } from './engine.js';

export type { EmbedHooks, Engine, EngineSettings, GenerateHooks } from './engine.js';
export { NativeEngine } from './engine.js';
export type { EngineStats } from './stats.js';
export type {
  EncodedInput,
  FinishReason,
  GeneratedSequence,
  GenerationOptions,
  RowResult,
  TargetScore,
} from './types.js';

export interface OpenOptions extends Omit<EngineSettings, 'defaults'> {
  readonly precision?: AskedPrecision;
}

/** Opens a checkpoint folder, converting it first if the cache has no conversion of it. */
export async function openEngine(checkpointDir: string, options: OpenOptions = {}): Promise<Engine> {
  const checkpoint = openCheckpoint(checkpointDir);
  try {
    const { dir } = await convertOpened(checkpoint, { precision: options.precision });
    return await NativeEngine.open(dir, { ...options, defaults: checkpoint.defaults });
  } finally {
    checkpoint.weights.close();
  }
}
