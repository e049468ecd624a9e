import { describe, expect, it } from 'vitest';
import { labelOf, type Setting, type Sweep, settingsOf, varyingParts } from '../../src/measure/settings.js';

const ONE: Sweep = {
  device: ['cpu'],
  precision: ['int8'],
  workers: [2],
  threads: [1],
  batchRows: [null],
  numBeams: [null],
};

const short = ({ precision, workers, batchRows, numBeams }: Setting) => [precision, workers, batchRows, numBeams];

describe('settings of a sweep', () => {
  it('are all combinations, in the order of what was asked for', () => {
    const settings = settingsOf({ ...ONE, precision: ['int8', 'fp32'], workers: [1, 2], numBeams: [4, 1] });
    expect(settings.map(short)).toEqual([
      ['int8', 1, null, 4],
      ['int8', 1, null, 1],
      ['int8', 2, null, 4],
      ['int8', 2, null, 1],
      ['fp32', 1, null, 4],
      ['fp32', 1, null, 1],
      ['fp32', 2, null, 4],
      ['fp32', 2, null, 1],
    ]);
  });

  it('are one where nothing is swept', () => {
    expect(settingsOf(ONE)).toEqual([
      { device: 'cpu', precision: 'int8', workers: 2, threads: 1, batchRows: null, numBeams: null },
    ]);
    expect(varyingParts(settingsOf(ONE))).toEqual([]);
  });

  it.each([
    { sweep: { workers: [1, 2] }, labels: ['1 worker', '2 workers'] },
    { sweep: { numBeams: [null, 1, 4] }, labels: ['default search', 'greedy', '4 beams'] },
    { sweep: { batchRows: [32], threads: [1, 2] }, labels: ['1 thread', '2 threads'] },
    {
      sweep: { device: ['cpu', 'cuda:0,cuda:1'], batchRows: [1, null] },
      labels: ['cpu, 1 row', 'cpu, default rows', 'cuda:0,cuda:1, 1 row', 'cuda:0,cuda:1, default rows'],
    },
  ])('are called by what differs: $labels', ({ sweep, labels }) => {
    const settings = settingsOf({ ...ONE, ...sweep });
    const parts = varyingParts(settings);
    expect(settings.map((setting) => labelOf(setting, parts))).toEqual(labels);
  });
});
