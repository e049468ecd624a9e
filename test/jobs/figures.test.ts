import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { cost, drift } from '../../src/jobs/observe/drift.js';
import { processUse, ResourceMeter } from '../../src/jobs/observe/resourceMeter.js';
import { isLinux, until } from '../cli/processes.js';
import { jobRecord } from './records.js';

const tokens = (id: string, input_tokens: number, output_tokens: number, changes = {}) =>
  jobRecord({ id, succeeded: 100, failed: 0, filtered: 0, input_tokens, output_tokens, ...changes });

test('drift is the mean tokens of a row against the last runs of the same name', () => {
  const before = [tokens('a', 1000, 100), tokens('b', 3000, 300)];
  expect(drift(tokens('c', 3000, 100), before)).toEqual({ input_length: 1.5, output_length: 0.5, runs: 2 });
});

test.each([
  ['the job itself', tokens('c', 1000, 100)],
  ['one that failed', tokens('a', 1000, 100, { state: 'failed' })],
  ['one of another name', tokens('a', 1000, 100, { name: 'weekly' })],
  ['one that computed nothing', tokens('a', 0, 0, { carried: 100 })],
])('%s is nothing to compare with', (_, other) => {
  expect(drift(tokens('c', 3000, 100), [other])).toBeNull();
});

test('rows that were taken over cost no tokens', () => {
  const now = tokens('c', 100, 10, { carried: 80, cached: 10 });
  expect(drift(now, [tokens('a', 1000, 100)])).toEqual({ input_length: 1, output_length: 1, runs: 1 });
});

test('without a name it is the output that tells, and only the last ten runs count', () => {
  const of = (i: number, input: number) =>
    tokens(`r${i}`, input, 100, { name: null, created_at: new Date(Date.UTC(2026, 2, i)).toISOString() });
  const before = [...Array.from({ length: 10 }, (_, i) => of(i + 10, 2000)), of(1, 1_000_000)];
  expect(drift(of(30, 1000), before)).toEqual({ input_length: 0.5, output_length: 1, runs: 10 });
  expect(drift(tokens('x', 1000, 100, { name: null, output: 'elsewhere' }), before)).toBeNull();
});

test('cost is by tokens read and written', () => {
  expect(cost({ input_tokens: 9000, output_tokens: 1000 }, { perThousandTokens: 0.25, max: null })).toBe(2.5);
  expect(cost({ input_tokens: 9000, output_tokens: 1000 }, null)).toBeNull();
});

test('a meter counts the work and the memory of this process', async () => {
  const meter = new ResourceMeter();
  const before = meter.read();
  const held = Buffer.alloc(200 << 20, 1);
  await until(() => meter.read().cpu_seconds > before.cpu_seconds + 0.05 || void held.fill(2));
  expect(meter.read().peak_memory_bytes).toBeGreaterThan(200 << 20);
  expect(held[0]).toBeGreaterThan(0);
});

test.skipIf(!isLinux)('and of another, until it is gone', async () => {
  const child = spawn(process.execPath, [
    '-e',
    'const held = Buffer.alloc(150 << 20, 1); console.log(held.length); setInterval(() => {}, 1000)',
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.on('data', resolve));
  const use = processUse(child.pid!)!;
  expect(use.peak_memory_bytes).toBeGreaterThan(150 << 20);
  expect(use.cpu_seconds).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('close', resolve));
  expect(processUse(child.pid!)).toBeNull();
});
