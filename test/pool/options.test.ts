import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkSpec, resolvePoolOptions } from '../../src/pool/options.js';
import type { PoolOptions } from '../../src/pool/types.js';

const devicesOf = (options: PoolOptions) => resolvePoolOptions(options).settings.map(({ device }) => device);

describe('pool options', () => {
  it('deal devices to workers in turn', () => {
    expect(devicesOf({})).toEqual(Array(availableParallelism()).fill('cpu'));
    expect(devicesOf({ workers: 3, devices: ['cuda:0', 'cuda:1'] })).toEqual(['cuda:0', 'cuda:1', 'cuda:0']);
    expect(devicesOf({ devices: ['cuda:0', 'cuda:1'] })).toEqual(['cuda:0', 'cuda:1']);
    expect(devicesOf({ devices: Array(300).fill('cpu') })).toHaveLength(300);
    expect(resolvePoolOptions({ workers: 2, threadsPerWorker: 4 }).settings).toEqual([
      { worker: 0, device: 'cpu', threads: 4 },
      { worker: 1, device: 'cpu', threads: 4 },
    ]);
  });

  it('have defaults', () => {
    const { isolation, maxRetries, hangSeconds } = resolvePoolOptions({ maxRetries: undefined });
    expect([isolation, maxRetries, hangSeconds]).toEqual(['thread', 3, 300]);
    expect(resolvePoolOptions({ maxRetries: 0 }).maxRetries).toBe(0);
  });

  it.each([
    [{ workers: 0 }, 'option workers is 0, expected a whole number from 1 to 1024'],
    [{ workers: 1.5 }, 'option workers is 1.5'],
    [{ workers: '2' }, 'option workers is "2"'],
    [{ devices: [] }, 'option devices is [], expected a list of cpu and cuda:N'],
    [{ devices: ['gpu'] }, 'option devices is ["gpu"]'],
    [{ devices: 'cpu' }, 'option devices is "cpu"'],
    [{ threadsPerWorker: 0 }, 'option threadsPerWorker is 0'],
    [{ isolation: 'container' }, 'option isolation is "container", expected process or thread'],
    [{ maxRetries: -1 }, 'option maxRetries is -1, expected a whole number of at least 0'],
    [{ hangSeconds: 0 }, 'option hangSeconds is 0'],
    [{ hangSeconds: Number.NaN }, 'option hangSeconds is NaN'],
    [{ onEvent: 'log' }, 'option onEvent is "log", expected a function'],
    [{ worker: 2 }, 'unknown option worker, expected one of workers, devices'],
    [{ worker: 2 }, 'did you mean workers?'],
  ])('%j is refused by name', (options, message) => {
    expect(() => resolvePoolOptions(options as PoolOptions)).toThrow(message);
  });

  it('a function is named by URL and export', () => {
    checkSpec({ module: 'file:///tmp/functions.mjs', exportName: 'open', options: null });
    expect(() => checkSpec({ module: './functions.mjs', exportName: 'open', options: null })).toThrow(
      '[usage] the function is "open" of "./functions.mjs", expected a module\'s URL and the name of what it exports',
    );
  });
});
