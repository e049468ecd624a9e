/** The process in which one setting is measured: some worker threads that share the texts, as a pool has them. */
import '../engine/noTelemetry.js';

import { Worker } from 'node:worker_threads';
import { answerParent } from './child.js';
import { deal } from './deal.js';
import type { EngineSettings, WorkerRun } from './engineWorker.js';
import { addPhases, type Phases } from './phases.js';
import { peakMemory } from './processMemory.js';
import { receivedError, type SentError } from './sentError.js';

export interface EngineInput extends EngineSettings {
  readonly workers: number;
  readonly texts: readonly string[];
}

export interface EngineRun {
  /** Until all models were open. */
  readonly openSeconds: number;
  /** From the texts to all results: the models are loaded and warm. */
  readonly seconds: number;
  readonly precision: string;
  readonly tokens: WorkerRun['tokens'];
  /** Summed over the workers. */
  readonly phases: Phases | null;
  readonly peakBytes: number;
}

/** Texts that each worker has seen before it is timed. */
const WARM_UP = 4;

async function measure({ workers: count, texts, ...settings }: EngineInput): Promise<EngineRun> {
  const lengths = texts.map((text) => text.length);
  const shares = deal(lengths, count).map((share) => share.map((index) => texts[index]));
  const start = performance.now();
  const workers = await Promise.all(shares.map(() => startWorker(settings)));
  const openSeconds = (performance.now() - start) / 1000;
  await Promise.all(workers.map((worker, i) => ask(worker, shares[i].slice(0, WARM_UP))));
  const begin = performance.now();
  const runs = await Promise.all(workers.map((worker, i) => ask(worker, shares[i])));
  const seconds = (performance.now() - begin) / 1000;
  const phases = runs.map((run) => run.phases).filter((part) => part !== null);
  return {
    openSeconds,
    seconds,
    precision: runs[0].precision,
    tokens: runs.flatMap((run) => run.tokens),
    phases: phases.length === runs.length ? addPhases(phases) : null,
    peakBytes: peakMemory(),
  };
}

async function startWorker(settings: EngineSettings): Promise<Worker> {
  const worker = new Worker(new URL('./engineWorker.js', import.meta.url), { workerData: settings });
  await answerOf(worker);
  return worker;
}

function ask(worker: Worker, texts: readonly string[]): Promise<WorkerRun> {
  worker.postMessage(texts);
  return answerOf(worker) as Promise<WorkerRun>;
}

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: unknown) => {
      worker.off('error', reject);
      const { error } = message as { error?: SentError };
      if (error) reject(receivedError(error));
      else resolve(message);
    });
    worker.once('error', reject);
  });
}

answerParent(measure);
