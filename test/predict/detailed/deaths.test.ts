import { expect, it } from 'vitest';
import type { PoolEvent } from '../../../src/pool/types.js';
import type { DetailedSetting } from '../../../src/predict/detailed/types.js';
import { causes, type DetailedRow, detailsOf, failed, open } from './open.js';

const FAULTS = 'builtin:echo?faults=1';
const DIED = '[pool] the worker died on this row:';
const TEXTS = Array.from({ length: 24 }, (_, row) => (row % 11 === 5 ? null : `text ${row} of some words`));

interface Case {
  readonly isolation: 'thread' | 'process';
  readonly fault: string;
  readonly rows: readonly number[];
  readonly partitionRows: number;
  readonly maxRetries: number;
  readonly cause: string;
  readonly workers?: number;
  readonly hangSeconds?: number;
}

const EXIT = { fault: '[[exit]]', cause: 'it exited with code 7' };
const CRASH = { fault: '[[crash]]', cause: 'the engine host was killed by SIGKILL', isolation: 'process' } as const;
/** Long enough that a busy machine is not taken for a hang. */
const HANG = { fault: '[[hang]]', cause: 'it gave no sign for 4 s', hangSeconds: 4 };

const CASES: readonly (readonly [string, Case])[] = [
  ['two in one partition', { ...EXIT, isolation: 'thread', rows: [1, 6], partitionRows: 8, maxRetries: 1 }],
  ['one in every partition', { ...EXIT, isolation: 'thread', rows: [0, 9, 23], partitionRows: 8, maxRetries: 0 }],
  ['the last row', { ...EXIT, isolation: 'process', rows: [23], partitionRows: 24, maxRetries: 0 }],
  ['two in one partition', { ...CRASH, rows: [2, 3], partitionRows: 12, maxRetries: 1 }],
  ['beside others that run', { ...CRASH, rows: [8], partitionRows: 6, maxRetries: 0, workers: 2 }],
  ['one alone', { ...HANG, isolation: 'thread', rows: [7], partitionRows: 4, maxRetries: 0 }],
  ['one alone', { ...HANG, isolation: 'process', rows: [12], partitionRows: 4, maxRetries: 0 }],
];

/** A run that nothing disturbs, but for the rows that are to blame. */
async function expectedRows(texts: readonly (string | null)[], { rows, cause }: Pick<Case, 'rows' | 'cause'>) {
  const undisturbed = await detailsOf(await open({}), texts);
  return undisturbed.map((row, at) => (rows.includes(at) ? failed(`${DIED} ${cause}`) : row));
}

const withFault = (rows: readonly number[], fault: string) =>
  TEXTS.map((text, row) => (rows.includes(row) ? `secret${row} ${fault} words` : text));

it.each(CASES)('%s: %j', async (_, { fault, rows, partitionRows, cause, ...setting }) => {
  const texts = withFault(rows, fault);
  const events: PoolEvent[] = [];
  const onEvent = (event: PoolEvent) => void events.push(event);
  const fn = await open({ model: FAULTS, options: { partitionRows } }, { ...setting, onEvent });
  expect(await detailsOf(fn, texts)).toEqual(await expectedRows(texts, { rows, cause }));
  expect(fn.stats).toMatchObject({ rows: 24, failed: rows.length, nulls: 2 });
  expect(fn.stats.failures.map(({ row }) => row)).toEqual(rows.map((row) => row + 1));
  // Each died alone as often as it may, and before that in company.
  expect(causes(events).length).toBeGreaterThan(rows.length * setting.maxRetries);
  await fn.close();
});

it('every row, without retries', async () => {
  const texts = ['a [[exit]]', 'b [[exit]]', 'c [[exit]]', null, 'd [[exit]]', 'e [[exit]]'];
  const fn = await open({ model: FAULTS, options: { partitionRows: 3 } }, { maxRetries: 0 });
  const row = (text: string | null) => failed(text === null ? null : `${DIED} it exited with code 7`);
  expect(await detailsOf(fn, texts)).toEqual(texts.map(row));
});

it('an equal text is to blame in all of its rows and computed once', async () => {
  const setting: DetailedSetting = { maxRetries: 0 };
  const fn = await open({ model: FAULTS }, setting);
  const rows: DetailedRow[] = await detailsOf(fn, ['x [[exit]]', 'y', 'x [[exit]]', 'y', 'z [[fail]]']);
  expect(rows.map(({ error }) => error)).toEqual([
    `${DIED} it exited with code 7`,
    null,
    `${DIED} it exited with code 7`,
    null,
    '[model] a fault that was asked for, expected none',
  ]);
  expect(fn.stats).toMatchObject({ failed: 3, duplicates: 2 });
});

it('a pass that nobody wants any more ends while rows to blame are looked for', async () => {
  const stopped = new AbortController();
  let deaths = 0;
  const onEvent = (event: PoolEvent) => {
    if (event.kind === 'retry' && ++deaths === 2) stopped.abort(new Error('enough'));
  };
  const fn = await open({ model: FAULTS, options: { partitionRows: 4 } }, { maxRetries: 0, onEvent });
  const texts = Array.from({ length: 12 }, (_, row) => `${row} [[exit]]`);
  await expect(detailsOf(fn, texts, stopped.signal)).rejects.toThrow('enough');
  // The workers serve the next pass.
  expect(await detailsOf(fn, ['after'])).toMatchObject([{ value: 'after', error: null }]);
});
