import { Worker } from 'node:worker_threads';
import { deal } from '../src/measure/deal.js';
import { addPhases, type Phases } from '../src/measure/phases.js';
import type { WorkerAnswer, WorkerSettings } from './oursWorker.js';
import { type RunAnswer, serve } from './protocol.js';

export interface OursSettings extends WorkerSettings {
  readonly workers: number;
}

export interface OursAnswer extends RunAnswer {
  /** Milliseconds by phase, summed over the workers. */
  readonly phases: Phases;
}

const settings = JSON.parse(process.argv[2]) as OursSettings;

/** One engine a thread, because a graph that runs blocks its thread. */
const workers = await Promise.all(
  Array.from({ length: settings.workers }, async () => {
    const worker = new Worker(new URL('./oursWorker.js', import.meta.url), { workerData: settings });
    await answerOf(worker);
    return worker;
  }),
);
let documents: number[][] = [];
let shares: number[][] = [];

function answerOf<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: T) => {
      worker.off('error', reject);
      resolve(message);
    });
    worker.once('error', reject);
  });
}

async function run(): Promise<OursAnswer> {
  const start = performance.now();
  const answers = await Promise.all(
    workers.map((worker, i) => {
      worker.postMessage(shares[i].map((index) => documents[index]));
      return answerOf<WorkerAnswer>(worker);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const outputs: number[][] = new Array(documents.length);
  answers.forEach((answer, i) => {
    answer.outputs.forEach((ids, place) => {
      outputs[shares[i][place]] = ids;
    });
  });
  return { seconds, outputs, phases: addPhases(answers.map((answer) => answer.phases)) };
}

await serve({
  load: async (loaded) => {
    documents = loaded;
    shares = deal(
      loaded.map((ids) => ids.length),
      workers.length,
    );
  },
  run,
});
for (const worker of workers) await worker.terminate();
