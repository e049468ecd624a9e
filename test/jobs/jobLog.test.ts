import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from '../../src/jobs/observe/jobLog.js';
import { observe } from '../../src/jobs/observe/observe.js';
import { jobRecord, partition } from './records.js';
import { temporaryFolder } from './temporary.js';

const lines = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a job is told from its start to its end, each thing once', async () => {
  const file = path.join(temporaryFolder(), 'precis.log');
  const observer = await observe({ logFile: file, env: {} });
  const running = jobRecord({ state: 'running', ended_at: null, partitions: [partition(0, 1)] });
  observer.update(running);
  observer.update({
    ...running,
    partitions: [...running.partitions, partition(1, 2)],
    events: ['worker 1 died: SIGSEGV'],
  });
  await observer.step('j1', 'publish', async () => {});
  await expect(observer.step('j1', 'notify', () => Promise.reject(new Error('exit code 3')))).rejects.toThrow();
  const done = jobRecord({ partitions: [...running.partitions, partition(1, 2)], events: ['worker 1 died: SIGSEGV'] });
  observer.update(done);
  observer.update(done);
  await observer.close();
  const told = lines(file);
  expect(told.map(({ level, event, job }) => `${level} ${event} ${job}`)).toEqual([
    'info job_started j1',
    'info partition_committed j1',
    'warn engine_trouble j1',
    'info publish_done j1',
    'error notify_failed j1',
    'info job_ended j1',
  ]);
  expect(told[1]).toMatchObject({ partition: 1, rows: 50, seconds: 2, input_tokens: 5000 });
  expect(told[2]).toMatchObject({ message: 'worker 1 died: SIGSEGV' });
  expect(told[5]).toMatchObject({ state: 'done', rows: 100, failed: 2, problem: null });
  for (const { time } of told) expect(new Date(time).toISOString()).toBe(time);
});

test('texts of documents get in only where that was asked for', () => {
  const documents = Array.from({ length: 50 }, (_, i) => `secret ${i} of the "contract"\nof line two é`);
  const written = (logText: boolean) => {
    const file = path.join(temporaryFolder(), 'precis.log');
    const log = openLog({ file, logText });
    for (const [row, text] of documents.entries()) {
      log.write('warn', 'row_failed', 'j1', { row, code: 'engine' }, { text });
    }
    log.close();
    return lines(file);
  };
  const without = written(false);
  expect(without).toHaveLength(50);
  expect(JSON.stringify(without)).not.toMatch(/secret|contract/);
  expect(written(true).map(({ text }) => text)).toEqual(documents);
});

test('fields cannot pretend to be the head of a line, and long ones are cut', () => {
  const file = path.join(temporaryFolder(), 'precis.log');
  const log = openLog({ file });
  log.write('info', 'event', 'j1', { level: 'debug', job: 'other', message: 'x'.repeat(5000) });
  log.write('debug', 'left_out', 'j1');
  log.close();
  const [line, ...others] = lines(file);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ level: 'info', event: 'event', job: 'j1' });
  expect(line.message).toHaveLength(2003);
});

test('a line that a killed process left unfinished does not spoil the next', () => {
  const file = path.join(temporaryFolder(), 'precis.log');
  writeFileSync(file, '{"time":"2026-0');
  const log = openLog({ file });
  log.write('info', 'event', 'j1');
  log.close();
  expect(readFileSync(file, 'utf8').split('\n')).toEqual([
    '{"time":"2026-0',
    expect.stringContaining('"event":"event"'),
    '',
  ]);
});

test('a log that cannot be opened is said before work begins', () => {
  const file = path.join(temporaryFolder(), 'none', 'precis.log');
  expect(() => openLog({ file })).toThrow(`[usage] the log ${file} cannot be opened: ENOENT`);
});
