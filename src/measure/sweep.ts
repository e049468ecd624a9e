import { engineVariables } from '../engine/environment.js';
import type { GenerationOptions } from '../engine/index.js';
import type { LoadOptions } from '../predict/types.js';
import { inChild } from './child.js';
import type { EngineInput, EngineRun } from './engineChild.js';
import type { MeasuredModel } from './model.js';
import { bareProducts } from './roofline.js';
import type { Setting } from './settings.js';

export interface SweepPlan {
  readonly model: MeasuredModel;
  readonly settings: readonly Setting[];
  readonly texts: readonly string[];
  readonly repetitions: number;
  /** What is the same in all settings. */
  readonly load: LoadOptions;
  readonly options: GenerationOptions;
  readonly how: EngineInput['how'];
}

/** One repetition of one setting. */
export interface SweepRun extends EngineRun {
  readonly setting: number;
  readonly repetition: number;
  /** Operations a second of bare products on as many cores, measured in the same repetition; null where none can be counted. */
  readonly bareRate: number | null;
}

/** Long enough for a steady rate, short beside a run. */
const BARE_MS = 1000;
/** Of bare products: an encoder's rows by its feed-forward matrix. */
const BARE_ROWS = 432;

/**
 * All settings, then all again: a machine that becomes slower or faster meanwhile falls on all alike. Each run has a fresh process, so that
 * its memory and its caches are its own.
 */
export async function* runSweep(plan: SweepPlan, signal?: AbortSignal): AsyncGenerator<SweepRun> {
  for (let repetition = 0; repetition < plan.repetitions; repetition++) {
    const bareRates = new Map<string, number | null>();
    for (const [index, setting] of plan.settings.entries()) {
      const run = await inChild<EngineRun>(new URL('./engineChild.js', import.meta.url), inputOf(plan, setting), {
        env: engineVariables(),
        signal,
      });
      const cores = setting.workers * setting.threads;
      const key = `${run.precision} ${cores} ${setting.device}`;
      if (!bareRates.has(key)) bareRates.set(key, await bareRate(plan.model, setting, run.precision, signal));
      yield { ...run, setting: index, repetition, bareRate: bareRates.get(key)! };
    }
  }
}

function inputOf({ model, texts, load, options, how }: SweepPlan, setting: Setting): EngineInput {
  const { precision, workers, threads, batchRows, numBeams } = setting;
  return {
    model: model.uri,
    load: { ...load, precision: precision as LoadOptions['precision'], threads, batchRows: batchRows ?? undefined },
    options: { ...options, numBeams: numBeams ?? undefined },
    how,
    workers,
    texts,
  };
}

async function bareRate(
  { dimensions }: MeasuredModel,
  { device, workers, threads }: Setting,
  precision: string,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  if (dimensions === null || device !== 'cpu' || (precision !== 'int8' && precision !== 'fp32')) return null;
  const shape = { rows: BARE_ROWS, inputs: dimensions.dModel, outputs: Math.round(dimensions.dFf) };
  return await bareProducts(precision, workers * threads, shape, { milliseconds: BARE_MS, signal });
}
