import type { Report } from '../../src/measure/report.js';
import { type Sweep, settingsOf } from '../../src/measure/settings.js';
import { summarize } from '../../src/measure/summary.js';
import type { SweepRun } from '../../src/measure/sweep.js';

/** Small enough to count by hand: see operations.test.ts. */
const DIMENSIONS = { dModel: 2, inner: 2, dFf: 3, encoderLayers: 1, decoderLayers: 1, vocabSize: 10 };

export const SWEEP: Sweep = {
  device: ['cpu', 'a,"b"<&>'],
  precision: ['int8', 'fp32'],
  workers: [1, 2],
  threads: [1],
  batchRows: [32],
  numBeams: [1],
};

/** A run of two documents of 4 tokens, each with 3 new ones: 2 x 208 operations of the encoder and 2 x 240 of the decoder each. */
export function run(setting: number, seconds: number, more: Partial<SweepRun> = {}): SweepRun {
  return {
    setting,
    repetition: 0,
    openSeconds: 1,
    seconds,
    precision: 'int8',
    tokens: [
      { input: 4, output: 3 },
      { input: 4, output: 3 },
    ],
    phases: null,
    peakBytes: 2 ** 20,
    bareRate: 8960,
    ...more,
  };
}

export function reportOf(sweep: Sweep, runs: readonly SweepRun[]): Report {
  const model = { uri: '/m/t5', dimensions: DIMENSIONS, kernels: null, beams: 4, countTokens: () => 1 };
  return {
    name: 't5',
    workload: 'some documents',
    machine: 'a <small> machine & more',
    facts: { model: model.uri, documents: 2 },
    summaries: summarize(settingsOf(sweep), model, runs),
  };
}
