import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { namePattern } from '../../src/jobs/watch/arrivals.js';
import { type WatchOptions, watchFolder } from '../../src/jobs/watch/watchFolder.js';
import { until } from '../cli/processes.js';
import { temporaryFolder, temporaryHome } from './temporary.js';

const WATCH = path.resolve(import.meta.dirname, '../../dist/src/jobs/watch/watchFolder.js');

/** A watch at work; `runs` are the names it was given. */
function watching(folder: string, options: Partial<WatchOptions> = {}) {
  const end = new AbortController();
  const [runs, said]: string[][] = [[], []];
  const result = watchFolder(folder, {
    name: 'summaries',
    settleSeconds: 0,
    pollSeconds: 0.05,
    retrySeconds: 0,
    signal: end.signal,
    say: (line) => said.push(line),
    ...options,
    run: async (file, signal, attempt) => {
      runs.push(path.basename(file));
      await options.run?.(file, signal, attempt);
    },
  });
  const stop = () => {
    end.abort();
    return result;
  };
  onTestFinished(() => void stop());
  return { runs, said, stop, ran: (count: number) => until(() => runs.length >= count) };
}

test('files are done once each in the order of names; temporary and hidden ones never', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  for (const name of [
    'c.csv',
    'a.csv',
    '.hidden.csv',
    '_b.csv',
    'a.csv.tmp',
    'x.csv.part',
    'note.txt',
    'b.csv~',
    'a.csv._COPYING_',
  ])
    writeFileSync(path.join(folder, name), name);
  const { runs, ran, stop } = watching(folder, { pattern: '*.{csv,txt}' });
  await ran(3);
  writeFileSync(path.join(folder, 'b.csv.tmp'), 'b');
  renameSync(path.join(folder, 'b.csv.tmp'), path.join(folder, 'b.csv'));
  await ran(4);
  expect(await stop()).toEqual({ done: 4, failed: 0 });
  expect(runs).toEqual(['a.csv', 'c.csv', 'note.txt', 'b.csv']);
});

test('a restart does nothing twice, but a changed file again', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  for (const name of ['a', 'b', 'c']) writeFileSync(path.join(folder, name), name);
  const first = watching(folder);
  await first.ran(3);
  await first.stop();
  appendFileSync(path.join(folder, 'b'), 'more');
  writeFileSync(path.join(folder, 'd'), 'd');
  const second = watching(folder);
  await second.ran(2);
  await second.stop();
  expect(second.runs).toEqual(['b', 'd']);
});

test('another watch of the folder does its own work', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'a'), 'a');
  for (const name of ['summaries', 'classes']) {
    const watch = watching(folder, { name });
    await watch.ran(1);
    await watch.stop();
    expect(watch.runs).toEqual(['a']);
  }
});

test('a file that is still being written is left alone until it has been still for long enough', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  const file = path.join(folder, 'slow');
  const seen: { length: number; still: number }[] = [];
  let last = 0;
  const watch = watching(folder, {
    settleSeconds: 0.3,
    run: async () => void seen.push({ length: readFileSync(file).length, still: performance.now() - last }),
  });
  for (let i = 0; i < 10; i++) {
    appendFileSync(file, 'x'.repeat(100));
    last = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await until(() => seen.at(-1)?.length === 1000);
  await watch.stop();
  for (const { still } of seen) expect(still).toBeGreaterThanOrEqual(300);
});

test('a marker says at once that a file, or a folder of parts, is whole', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  const watch = watching(folder, { settleSeconds: 3600 });
  writeFileSync(path.join(folder, 'a.csv'), 'a');
  writeFileSync(path.join(folder, 'b.csv'), 'b');
  mkdirSync(path.join(folder, 'parts'));
  writeFileSync(path.join(folder, 'parts', 'part-0.parquet'), 'x');
  writeFileSync(path.join(folder, 'b.csv.done'), '');
  await watch.ran(1);
  writeFileSync(path.join(folder, 'parts', '_SUCCESS'), '');
  await watch.ran(2);
  writeFileSync(path.join(folder, '_SUCCESS'), '');
  await watch.ran(3);
  await watch.stop();
  expect(watch.runs).toEqual(['b.csv', 'parts', 'a.csv']);
});

test('a file that fails is tried so often, is left then, and others go on; changed, it is tried again', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  for (const name of ['a', 'bad', 'c']) writeFileSync(path.join(folder, name), name);
  const run: WatchOptions['run'] = async (file) => {
    if (readFileSync(file, 'utf8') === 'bad') throw new Error('[csv] no columns');
  };
  const watch = watching(folder, { attempts: 2, run });
  await until(() => watch.said.some((line) => line.includes('is left')) && watch.runs.includes('c'));
  expect(await watch.stop()).toEqual({ done: 2, failed: 1 });
  expect(watch.runs.filter((name) => name === 'bad')).toHaveLength(2);
  expect(watch.said).toContain('bad failed, attempt 1 of 2, and is tried again in 0 s: [csv] no columns');
  expect(watch.said).toContain('bad failed 2 times and is left until it changes: [csv] no columns');

  writeFileSync(path.join(folder, 'bad'), 'mended');
  writeFileSync(path.join(folder, 'd'), 'd');
  const again = watching(folder, { attempts: 2, run });
  await again.ran(2);
  expect(await again.stop()).toEqual({ done: 2, failed: 0 });
});

test('being stopped is no failure: the file is done the next time', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'a'), 'a');
  const watch = watching(folder, {
    attempts: 1,
    run: (_, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted')))),
  });
  await watch.ran(1);
  expect(await watch.stop()).toEqual({ done: 0, failed: 0 });
  const again = watching(folder, { attempts: 1 });
  await again.ran(1);
  expect(await again.stop()).toEqual({ done: 1, failed: 0 });
});

test('a file at which the process dies is not tried for ever', async () => {
  temporaryHome();
  const folder = temporaryFolder();
  for (const name of ['deadly', 'fine']) writeFileSync(path.join(folder, name), name);
  const script = `import { watchFolder } from ${JSON.stringify(WATCH)};
    const end = new AbortController();
    await watchFolder(${JSON.stringify(folder)}, { name: 'w', settleSeconds: 0, pollSeconds: 0.05, attempts: 2, signal: end.signal, say: () => {},
      run: async (file) => { console.log(file); if (file.endsWith('deadly')) process.kill(process.pid, 'SIGKILL'); else end.abort(); } });`;
  const ends: string[] = [];
  for (let i = 0; i < 3; i++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    const signal = await new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
    ends.push(`${path.basename(output.trim())} ${signal}`);
  }
  expect(ends).toEqual(['deadly SIGKILL', 'deadly SIGKILL', 'fine null']);
});

test('a folder that goes away and comes back', async () => {
  temporaryHome();
  const folder = path.join(temporaryFolder(), 'inbox');
  mkdirSync(folder);
  const watch = watching(folder);
  rmSync(folder, { recursive: true });
  await until(() => watch.said.some((line) => line.includes('cannot be read')));
  mkdirSync(folder);
  const handle = openSync(path.join(folder, 'a'), 'w');
  writeSync(handle, 'a');
  fsyncSync(handle);
  closeSync(handle);
  await watch.ran(1);
  await watch.stop();
  expect(watch.said.at(-1)).toMatch(/inbox is there again$/);
});

test('a folder that is not there is refused', async () => {
  temporaryHome();
  await expect(watchFolder('/nowhere/inbox', { name: 'x', run: async () => {} })).rejects.toThrow(
    '[usage] no folder /nowhere/inbox, expected a folder to watch',
  );
});

test.each([
  ['*.csv', ['a.csv', '.csv'], ['a.csvx', 'acsv']],
  ['day-?.{csv,jsonl}', ['day-1.csv', 'day-x.jsonl'], ['day-10.csv', 'day-1.json']],
  ['a+(b)[1]', ['a+(b)[1]'], ['aab1']],
])('the pattern %s', (glob, yes, no) => {
  for (const name of yes) expect(name).toMatch(namePattern(glob));
  for (const name of no) expect(name).not.toMatch(namePattern(glob));
});
