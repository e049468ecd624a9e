import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/args.js';
import type { Flags } from '../../src/cli/flags.js';

const FLAGS: Flags = {
  workers: { type: 'count', separator: ',', help: '' },
  precision: { type: 'choice', values: ['int8', 'fp32'], separator: ',', help: '' },
  device: { type: 'text', separator: ';', help: '' },
  repetitions: { type: 'count', short: 'r', help: '' },
  model: { type: 'text', repeats: true, help: '' },
};

describe('lists and short names of options', () => {
  it.each([
    { args: ['--workers', '1,2, 4'], values: { workers: [1, 2, 4] } },
    { args: ['--workers=8'], values: { workers: [8] } },
    { args: ['--precision', 'int8,fp32'], values: { precision: ['int8', 'fp32'] } },
    { args: ['--device', 'cpu;cuda:0,cuda:1'], values: { device: ['cpu', 'cuda:0,cuda:1'] } },
    { args: ['-r', '3'], values: { repetitions: 3 } },
    { args: ['-r3', '--workers', '1'], values: { repetitions: 3, workers: [1] } },
    { args: ['--repetitions', '3'], values: { repetitions: 3 } },
    { args: ['--model', 'a,b'], values: { model: ['a,b'] } },
    { args: ['--model', 'b', '-r', '3', '--model=a'], values: { model: ['b', 'a'], repetitions: 3 } },
  ])('reads $args', ({ args, values }) => {
    expect(parseArguments(args, FLAGS).values).toEqual(values);
  });

  it.each([
    { args: ['--workers', '1,two'], message: '--workers is "two", expected a whole number of at least 1' },
    { args: ['--workers', '1,,2'], message: '--workers has an empty item in "1,,2"' },
    { args: ['--workers', ''], message: '--workers has an empty item in ""' },
    { args: ['--workers', '2,1,2'], message: '--workers names 2 twice' },
    {
      args: ['--precision', 'int8,fp23'],
      message: '--precision is "fp23", expected one of int8, fp32; did you mean fp32?',
    },
    { args: ['--workers'], message: '--workers has no value' },
    { args: ['-r', '3', '--repetitions', '4'], message: '--repetitions is given twice' },
    { args: ['--model', 'a', '--model'], message: '--model has no value' },
    { args: ['-w', '3'], message: '-w is not an option of this command' },
    { args: ['--r', '3'], message: '--r is not an option of this command' },
  ])('refuses $args', ({ args, message }) => {
    expect(() => parseArguments(args, FLAGS)).toThrow(message);
  });
});
