import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type GcJob, type GcOptions, planGc } from '../../src/jobs/gc/planGc.js';
import { runGc } from '../../src/jobs/gc/runGc.js';
import { temporaryFolder } from './temporary.js';

const NOW = Date.parse('2026-03-31T00:00:00Z');

/** Jobs on disk: a state and a day of March each, with 1,000 bytes of segments and 10 of a journal. */
function jobsOf(
  folder: string,
  jobs: Record<string, [state: GcJob['state'], day: number, name?: string | null]>,
): GcJob[] {
  return Object.entries(jobs).map(([id, [state, day, name = 'nightly']]) => {
    const at = path.join(folder, id);
    mkdirSync(path.join(at, 'segments'), { recursive: true });
    writeFileSync(path.join(at, 'segments', '0.arrow'), 'x'.repeat(1000));
    writeFileSync(path.join(at, 'journal'), 'x'.repeat(10));
    return { id, folder: at, state, name, output: 'out.parquet', at: new Date(Date.UTC(2026, 2, day)).toISOString() };
  });
}

function old(file: string): string {
  writeFileSync(file, 'xxxxx');
  utimesSync(file, NOW / 1000 - 7200, NOW / 1000 - 7200);
  return file;
}

const options = (changes: Partial<GcOptions> = {}): GcOptions => ({
  olderThanDays: null,
  keepLast: null,
  interruptedOlderThanDays: null,
  isHeld: () => false,
  now: NOW,
  ...changes,
});

const told = (items: ReturnType<typeof planGc>) =>
  items.map(({ what, path: file, bytes, reason }) => `${what} ${path.basename(file)} ${bytes}: ${reason}`);

test('without a rule only the segments of done jobs go, and the job can still be shown', () => {
  const folder = temporaryFolder();
  const jobs = jobsOf(folder, {
    a: ['done', 1],
    b: ['failed', 1],
    c: ['interrupted', 1],
    d: ['running', 1],
    e: ['cancelled', 1],
  });
  const items = planGc(folder, jobs, options());
  expect(told(items)).toEqual(['segments segments 1000: the output is published']);
  const { bytes } = runGc(items, () => () => {});
  expect(bytes).toBe(1000);
  expect(readdirSync(path.join(folder, 'a'))).toEqual(['journal', 'segments']);
  expect(readdirSync(path.join(folder, 'a', 'segments'))).toEqual([]);
  for (const id of ['b', 'c', 'd', 'e']) expect(readdirSync(path.join(folder, id, 'segments'))).toEqual(['0.arrow']);
  expect(planGc(folder, jobs, options())).toEqual([]);
});

test('by age: what ended, never what runs, is held or can be resumed', () => {
  const folder = temporaryFolder();
  const jobs = jobsOf(folder, {
    a: ['failed', 1],
    b: ['cancelled', 20],
    c: ['interrupted', 1],
    d: ['running', 1],
    e: ['planned', 1],
    f: ['failed', 2],
  });
  const rules = options({ olderThanDays: 14, isHeld: ({ id }) => id === 'f' });
  const items = planGc(folder, jobs, rules);
  expect(told(items)).toEqual(['job a 1010: failed, ended 30 days ago']);
  runGc(items, () => () => {});
  expect(readdirSync(folder)).toEqual(['b', 'c', 'd', 'e', 'f']);
  expect(told(planGc(folder, jobs.slice(1), { ...rules, interruptedOlderThanDays: 14 }))).toEqual([
    'job c 1010: interrupted, and not touched for 30 days',
    'job e 1010: planned, and not touched for 30 days',
  ]);
});

test('by number: the last of each name, or of each output without one', () => {
  const folder = temporaryFolder();
  const jobs = jobsOf(folder, {
    a: ['failed', 1],
    b: ['failed', 3],
    c: ['failed', 2],
    d: ['failed', 1, 'weekly'],
    e: ['failed', 1, null],
    f: ['interrupted', 9],
  });
  expect(told(planGc(folder, jobs, options({ keepLast: 1 })))).toEqual([
    'job a 1010: failed, and 2 later jobs of nightly',
    'job c 1010: failed, and 1 later job of nightly',
  ]);
});

test('temporary files that nobody wrote to for an hour', () => {
  const folder = temporaryFolder();
  const jobs = jobsOf(folder, { a: ['interrupted', 1], b: ['running', 1] });
  old(path.join(folder, '.making-host-1-abcdefabcdef-x'));
  old(path.join(folder, 'a', '.record.json.1-aa.tmp'));
  old(path.join(folder, 'a', 'segments', '.1.arrow.tmp'));
  old(path.join(folder, 'b', '.record.json.1-aa.tmp'));
  old(path.join(folder, 'a', 'kept.tmp'));
  writeFileSync(path.join(folder, 'a', '.young.tmp'), '');
  utimesSync(path.join(folder, 'a', '.young.tmp'), NOW / 1000 - 60, NOW / 1000 - 60);
  const items = planGc(folder, jobs, options());
  expect(items.map(({ path: file }) => path.relative(folder, file))).toEqual([
    '.making-host-1-abcdefabcdef-x',
    'a/.record.json.1-aa.tmp',
    'a/segments/.1.arrow.tmp',
  ]);
  runGc(items, () => () => {});
  expect(existsSync(path.join(folder, 'b', '.record.json.1-aa.tmp'))).toBe(true);
  expect(readdirSync(path.join(folder, 'a')).sort()).toEqual(['.young.tmp', 'journal', 'kept.tmp', 'segments']);
});

test('a job that somebody took up since the plan is spared, and locks are let go', () => {
  const folder = temporaryFolder();
  const jobs = jobsOf(folder, { a: ['failed', 1], b: ['failed', 1] });
  const items = planGc(folder, jobs, options({ olderThanDays: 1 }));
  const released: string[] = [];
  const { removed, spared, bytes } = runGc(items, ({ id }) => (id === 'a' ? null : () => released.push(id)));
  expect([removed.length, spared.length, bytes, released]).toEqual([1, 1, 1010, ['b']]);
  expect(readdirSync(folder)).toEqual(['a']);
});
