import path from 'node:path';
import { installedRuntime } from '../engine/runtimeProbe.js';
import type { AskedPrecision } from '../graph/kernels.js';
import type { LoadOptions, ScoreOptions } from '../predict/types.js';
import { makeTexts } from './documents.js';
import { describeMachine, type Machine, machineText } from './machine.js';
import { type MeasuredModel, prepareModel } from './model.js';
import type { Report } from './report.js';
import { type Setting, type Sweep, settingsOf } from './settings.js';
import { summarize } from './summary.js';
import { runSweep, type SweepPlan, type SweepRun } from './sweep.js';

export interface BenchRequest {
  readonly model: string;
  readonly sweep: Sweep;
  readonly repetitions: number;
  /** Made-up texts, or the user's own. */
  readonly texts: MadeTexts | readonly string[];
  readonly newTokens: number;
  readonly load: Pick<LoadOptions, 'task' | 'tokenizer'>;
  readonly how: ScoreOptions;
}

export interface MadeTexts {
  /** By default some for each worker, more of a model without weights, which is done with them in no time. */
  readonly count: number | undefined;
  readonly meanTokens: number;
}

export interface BenchHooks {
  readonly signal?: AbortSignal;
  /** Called before anything is timed, and after each run. */
  readonly onPrepared?: (settings: readonly Setting[]) => void;
  readonly onRun?: (run: SweepRun, setting: Setting) => void;
}

export interface BenchOutcome {
  /** Of what was measured; null if nothing was. */
  readonly report: Report | null;
  /** Why not all was. */
  readonly stoppedBy?: unknown;
}

/** Measures each setting in turn. Whatever breaks it off, what was measured until then is reported. */
export async function bench(request: BenchRequest, hooks: BenchHooks = {}): Promise<BenchOutcome> {
  const { sweep, load, how } = request;
  const precisions = sweep.precision as readonly AskedPrecision[];
  const model = await prepareModel(request.model, { precisions, prefix: how.prefix, ...load });
  const plan = planOf(request, model);
  const machine = describeMachine();
  hooks.onPrepared?.(plan.settings);
  const runs: SweepRun[] = [];
  try {
    for await (const run of runSweep(plan, hooks.signal)) {
      runs.push(run);
      hooks.onRun?.(run, plan.settings[run.setting]);
    }
  } catch (stoppedBy) {
    if (runs.length === 0) throw stoppedBy;
    return { report: reportOf(plan, machine, runs), stoppedBy };
  }
  return { report: reportOf(plan, machine, runs) };
}

function planOf(request: BenchRequest, model: MeasuredModel): SweepPlan {
  const { texts, newTokens, how } = request;
  const isOwn = Array.isArray(texts);
  const made = texts as MadeTexts;
  const perWorker = model.beams === null ? 2000 : 48;
  const count = made.count ?? perWorker * Math.max(...request.sweep.workers);
  return {
    model,
    settings: settingsOf(request.sweep),
    repetitions: request.repetitions,
    load: request.load,
    texts: isOwn ? texts : makeTexts(count, made.meanTokens, model.countTokens),
    // Made-up texts say nothing about where a summary ends: every setting does the same work.
    options: { maxNewTokens: newTokens, minNewTokens: isOwn || model.beams === null ? undefined : newTokens },
    // What was made to be long must not be cut.
    how: isOwn ? how : { ...how, maxInputTokens: how.maxInputTokens ?? LONGEST * made.meanTokens },
  };
}

/** No made-up text is longer, in means. */
const LONGEST = 2;

function reportOf(plan: SweepPlan, machine: Machine, runs: readonly SweepRun[]): Report {
  const { model, settings, texts, repetitions, options } = plan;
  const { tokens } = runs[0];
  const onnxruntime = installedRuntime()?.version ?? null;
  const meanInput = tokens.reduce((sum, { input }) => sum + input, 0) / tokens.length;
  const ending = options.minNewTokens === undefined ? `at most ${options.maxNewTokens}` : `${options.maxNewTokens}`;
  const { memoryGiB, ...rest } = machine;
  const kernels = model.kernels === null ? '' : `; int8: ${model.kernels}`;
  return {
    name: path.basename(model.uri),
    workload: `${texts.length} documents of ${meanInput.toFixed(0)} tokens on average, ${ending} new tokens each, ${repetitions === 1 ? '1 repetition' : `${repetitions} repetitions in turn`}.`,
    machine: `${machine.date}. ${machineText(machine)}; onnxruntime ${onnxruntime ?? 'is missing'}${kernels}.`,
    facts: {
      model: model.uri,
      machine: { ...rest, memory_gib: memoryGiB, onnxruntime, int8_kernels: model.kernels },
      documents: texts.length,
      mean_input_tokens: meanInput,
      new_tokens: options.maxNewTokens,
      exact_new_tokens: options.minNewTokens !== undefined,
      repetitions,
    },
    summaries: summarize(settings, model, runs),
  };
}
