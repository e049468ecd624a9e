import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/jobs/schedule/clock.js';
import { nextTimes } from '../../src/jobs/schedule/cron.js';
import { type ScheduleOptions, schedule } from '../../src/jobs/schedule/schedule.js';
import { until } from '../cli/processes.js';
import { temporaryHome } from './temporary.js';

const SCHEDULE = path.resolve(import.meta.dirname, '../../dist/src/jobs/schedule/schedule.js');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A machine's clock that is only moved by those who sleep, or set. */
class SetClock implements Clock {
  time: number;
  longest = 0;
  onSleep: () => unknown = () => {};
  constructor(start: string) {
    this.time = Date.parse(start);
  }
  now(): number {
    return this.time;
  }
  async sleep(milliseconds: number): Promise<void> {
    this.onSleep();
    this.longest = Math.max(this.longest, milliseconds);
    this.time += milliseconds;
  }
}

/** Keeps a schedule until so many runs began; `during` is what a run does. */
async function keep(
  clock: SetClock,
  most: number,
  options: Partial<ScheduleOptions> & { during?: (run: number) => void },
): Promise<{ due: string[]; began: string[]; said: string[] }> {
  const end = new AbortController();
  const [due, began, said]: string[][] = [[], [], []];
  clock.onSleep = () => due.length >= most && end.abort();
  await schedule({
    name: 'nightly',
    cron: '0 2 * * *',
    timezone: 'UTC',
    clock,
    signal: end.signal,
    say: (line) => said.push(line),
    ...options,
    run: async (time) => {
      due.push(time.toISOString());
      began.push(new Date(clock.time).toISOString());
      options.during?.(due.length);
    },
  });
  return { due, began, said };
}

test('runs at its due times, and nobody sleeps for more than a minute', async () => {
  temporaryHome();
  const clock = new SetClock('2026-03-01T12:00:00.250Z');
  const { due, began, said } = await keep(clock, 3, {});
  expect(due).toEqual(['2026-03-02T02:00:00.000Z', '2026-03-03T02:00:00.000Z', '2026-03-04T02:00:00.000Z']);
  expect(began).toEqual(due);
  expect(clock.longest).toBe(MINUTE);
  expect(said[0]).toBe(
    '0 2 * * * is due next at Mon 2026-03-02 02:00:00 UTC, Tue 2026-03-03 02:00:00 UTC, Wed 2026-03-04 02:00:00 UTC',
  );
});

test.each([
  ['skip', ['00:10', '00:20', '00:50', '01:00'], 'skipped'],
  ['run-once', ['00:10', '00:20', '00:40', '00:50'], 'run once now'],
] as const)('no overlap: a run of 25 minutes of a schedule of ten, %s', async (missed, expected, then) => {
  temporaryHome();
  const clock = new SetClock('2026-03-01T00:00:00Z');
  const { due, said } = await keep(clock, 4, {
    cron: '*/10 * * * *',
    missed,
    during: (run) => {
      if (run === 2) clock.time += 25 * MINUTE;
    },
  });
  expect(due.map((time) => time.slice(11, 16))).toEqual(expected);
  expect(said).toContain(`2 due times were missed from Sun 2026-03-01 00:30:00 UTC, as a run was under way: ${then}`);
});

test.each([
  ['skip', ['2026-03-06T02:00:00.000Z'], 'skipped'],
  ['run-once', ['2026-03-05T02:00:00.000Z', '2026-03-06T02:00:00.000Z'], 'run once now'],
] as const)('a restart after days knows what was missed, %s', async (missed, expected, then) => {
  temporaryHome();
  await keep(new SetClock('2026-03-01T12:00:00Z'), 1, { missed });
  const { due, said } = await keep(new SetClock('2026-03-05T12:00:00Z'), expected.length, { missed });
  expect(due).toEqual(expected);
  expect(said).toContain(`3 due times were missed from Tue 2026-03-03 02:00:00 UTC, as nothing could run: ${then}`);
});

test('of a schedule with another expression nothing was missed', async () => {
  temporaryHome();
  await keep(new SetClock('2026-03-01T12:00:00Z'), 1, { missed: 'run-once' });
  const { due } = await keep(new SetClock('2026-03-05T12:00:00Z'), 1, { missed: 'run-once', cron: '0 3 * * *' });
  expect(due).toEqual(['2026-03-06T03:00:00.000Z']);
});

test('the clock set back and forward by a year', async () => {
  temporaryHome();
  const clock = new SetClock('2026-03-01T12:00:00Z');
  const { due, said } = await keep(clock, 4, {
    during: (run) => {
      if (run === 1) clock.time -= 365 * DAY;
      if (run === 3) clock.time += 365 * DAY;
    },
  });
  expect(due).toEqual([
    '2026-03-02T02:00:00.000Z',
    '2025-03-03T02:00:00.000Z',
    '2025-03-04T02:00:00.000Z',
    '2026-03-05T02:00:00.000Z',
  ]);
  expect(said).toContain('the clock was set back to Sun 2025-03-02 02:00:00 UTC: the schedule goes on from there');
  expect(said.filter((line) => line.includes('missed'))).toEqual([
    '365 due times were missed from Wed 2025-03-05 02:00:00 UTC, as a run was under way: skipped',
  ]);
});

test('a clock that is set back by minutes runs nothing twice', async () => {
  temporaryHome();
  const clock = new SetClock('2026-03-01T12:00:00Z');
  const { due } = await keep(clock, 2, {
    during: () => {
      clock.time -= 10 * MINUTE;
    },
  });
  expect(due).toEqual(['2026-03-02T02:00:00.000Z', '2026-03-03T02:00:00.000Z']);
});

test('jitter is the same for the same seed, another for another, and within its bounds', async () => {
  const starts = async (jitterSeed: string) => {
    temporaryHome();
    const { due, began } = await keep(new SetClock('2026-03-01T12:00:00Z'), 4, {
      cron: '0 * * * *',
      jitterSeconds: 600,
      jitterSeed,
    });
    return began.map((time, i) => Date.parse(time) - Date.parse(due[i]));
  };
  const [one, again, other] = [await starts('a'), await starts('a'), await starts('b')];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  for (const late of [...one, ...other]) expect(late).toBeGreaterThanOrEqual(0);
  for (const late of [...one, ...other]) expect(late).toBeLessThan(600_000);
  expect(new Set(one).size).toBe(4);
});

test('a run that fails is said, and the next one comes', async () => {
  temporaryHome();
  const { due, said } = await keep(new SetClock('2026-03-01T12:00:00Z'), 2, {
    during: (run) => {
      if (run === 1) throw new Error('[input] no such file');
    },
  });
  expect(due).toHaveLength(2);
  expect(said).toContain('the run that was due at Mon 2026-03-02 02:00:00 UTC failed: [input] no such file');
});

test('through both changes of the clock in Berlin, once a day', () => {
  const spring = nextTimes('30 2 * * *', 3, { timezone: 'Europe/Berlin', from: new Date('2026-03-28T00:00:00Z') });
  // 02:30 does not exist on the 29th.
  expect(spring.map((time) => time.toISOString())).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
  const autumn = nextTimes('30 2 * * *', 3, { timezone: 'Europe/Berlin', from: new Date('2026-10-24T00:00:00Z') });
  expect(autumn.map((time) => time.toISOString())).toEqual([
    '2026-10-24T00:30:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
});

test.each([
  ['0 2 * *', null, /^\[config\] the schedule "0 2 \* \*" \(it has 4 fields\), expected five fields/],
  [
    '61 2 * * *',
    null,
    /^\[config\] the schedule "61 2 \* \* \*" \(Invalid value for minute: 61\), expected five fields/,
  ],
  ['0 0 30 2 *', null, /^\[config\] the schedule "0 0 30 2 \*" is never due, expected/],
  ['2026-01-01T00:00:00', null, /it has 1 field\)/],
  ['nightly', null, /it has 1 field\)/],
  ['0 2 * * *', 'Mars/Olympus', /^\[config\] the time zone "Mars\/Olympus", expected a name such as/],
])('refuses %s %s with one line', (cron, timezone, message) => {
  const refused = () => nextTimes(cron, 1, { timezone });
  expect(refused).toThrow(message);
  expect(refused).not.toThrow(/\n/);
});

test('refuses a jitter that reaches the next due time', async () => {
  temporaryHome();
  await expect(keep(new SetClock('2026-03-01T12:00:00Z'), 1, { cron: '* * * * *', jitterSeconds: 60 })).rejects.toThrow(
    '[config] a jitter of 60 s, expected at least 0 and less than the 60 s between two due times',
  );
});

test('a damaged memory is said, and the schedule begins anew', async () => {
  const home = temporaryHome();
  await keep(new SetClock('2026-03-01T12:00:00Z'), 1, {});
  const [name] = readdirSync(path.join(home, 'schedules'));
  writeFileSync(path.join(home, 'schedules', name), '{"format":1,');
  const { due, said } = await keep(new SetClock('2026-03-05T12:00:00Z'), 1, { missed: 'run-once' });
  expect(due).toEqual(['2026-03-06T02:00:00.000Z']);
  expect(said[0]).toMatch(/nightly-[0-9a-f]{8}\.json is no JSON; what was missed before now is not known/);
});

test('a process killed in the midst of a run: the next one runs it again, by the real clock', async () => {
  const home = temporaryHome();
  const script = (work: string) => `
    import { schedule } from ${JSON.stringify(SCHEDULE)};
    const end = new AbortController();
    await schedule({ name: 'k', cron: '* * * * * *', missed: 'run-once', signal: end.signal, say: (line) => console.log(line),
      run: async (due) => { console.log('run ' + due.toISOString()); ${work} } });
    console.log('ended');`;
  const start = (work: string) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script(work)], { env: { ...process.env } });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    return { child, output: () => output, closed: new Promise((resolve) => child.on('close', resolve)) };
  };
  const first = start('await new Promise((resolve) => setTimeout(resolve, 3_600_000));');
  const due = await until(() => /^run (.*)$/m.exec(first.output())?.[1]);
  first.child.kill('SIGKILL');
  await first.closed;
  const [name] = readdirSync(path.join(home, 'schedules'));
  expect(JSON.parse(readFileSync(path.join(home, 'schedules', name), 'utf8'))).toMatchObject({
    last: due,
    running: due,
  });

  const second = start('if (globalThis.ran) end.abort(); globalThis.ran = true;');
  expect(await second.closed).toBe(0);
  const runs = [...second.output().matchAll(/^run (.*)$/gm)].map((match) => match[1]);
  expect(runs[0]).toBe(due);
  expect(second.output()).toMatch(/did not end: run again now/);
  expect(second.output()).toMatch(/ended\n$/);
  expect(new Set(runs).size).toBe(runs.length);
});
