/** A thread of engineChild.ts: one model, as the worker of a pool has it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { GenerationOptions } from '../engine/index.js';
import { openModel } from '../predict/openModel.js';
import type { GeneratedText, LoadOptions, TextOptions } from '../predict/types.js';
import { type Phases, phasesBetween } from './phases.js';
import { sentError } from './sentError.js';

export interface EngineSettings {
  readonly model: string;
  readonly load: LoadOptions;
  readonly options: GenerationOptions;
  readonly how: Pick<TextOptions, 'prefix' | 'maxInputTokens'>;
}

export interface WorkerRun {
  readonly precision: string;
  /** Of each text, in their order. */
  readonly tokens: readonly { readonly input: number; readonly output: number }[];
  /** Null of a model that has no phases to tell apart. */
  readonly phases: Phases | null;
}

const { model: uri, load, options, how } = workerData as EngineSettings;
const port = parentPort!;
try {
  const model = await openModel(uri, load);
  port.on('message', async (texts: string[]) => {
    try {
      const before = model.stats && { ...model.stats };
      const { results } = await model.generateTexts(texts, options, how);
      const phases = before && model.stats ? phasesBetween(before, model.stats) : null;
      port.postMessage({ precision: model.precision, tokens: results.map(tokensOf), phases } satisfies WorkerRun);
    } catch (error) {
      port.postMessage({ error: sentError(error) });
    }
  });
  port.postMessage('ready');
} catch (error) {
  port.postMessage({ error: sentError(error) });
}

function tokensOf({ inputTokens, outputTokens }: GeneratedText) {
  return { input: inputTokens, output: outputTokens };
}
