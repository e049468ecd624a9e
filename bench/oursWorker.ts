import { parentPort, workerData } from 'node:worker_threads';
import { openEngine } from '../src/engine/index.js';
import { type Phases, phasesBetween } from '../src/measure/phases.js';
import { plainSearch } from './search.js';

export interface WorkerSettings {
  readonly model: string;
  readonly precision: 'int8' | 'fp32';
  readonly beams: number;
  readonly leastTokens: number;
  readonly newTokens: number;
  readonly refill?: boolean;
}

export interface WorkerAnswer {
  readonly outputs: number[][];
  readonly phases: Phases;
}

const { model, precision, beams, leastTokens, newTokens, refill } = workerData as WorkerSettings;
const engine = await openEngine(model, { precision, refill });
const port = parentPort!;
port.on('message', async (documents: number[][]) => {
  const before = { ...engine.stats };
  const inputs = documents.map((ids) => ({ ids: Int32Array.from(ids), truncated: false }));
  const options = { ...plainSearch(beams), minNewTokens: leastTokens, maxNewTokens: newTokens };
  const results = await engine.generate(inputs, options);
  const outputs = results.map((result) => Array.from(result.sequences[0].tokenIds));
  port.postMessage({ outputs, phases: phasesBetween(before, engine.stats) } satisfies WorkerAnswer);
});
port.postMessage('ready');
