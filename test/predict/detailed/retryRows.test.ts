import { type Data, type Struct, Vector } from 'apache-arrow';
import { expect, it } from 'vitest';
import { retryRows } from '../../../src/predict/detailed/retryRows.js';
import type { DetailedFunction } from '../../../src/predict/detailed/types.js';
import { plainValue } from '../../../src/predict/texts/plainValue.js';
import { type DetailedRow, open, stream, textBatch } from './open.js';

const FAULTS = 'builtin:echo?faults=1';
const TEXTS = ['a', 'b [[flaky]]', null, 'c [[fail]]', 'd', 'e [[exit]]', 'c [[fail]]', 'f'];
const batch = textBatch(TEXTS);

async function first(fn: DetailedFunction): Promise<Data<Struct>> {
  for await (const { details } of fn.over(stream(batch), {})) return details;
  throw new Error('no batch');
}

const rowsOf = (details: Data<Struct>) => Array.from(new Vector([details]), (row) => plainValue(row) as DetailedRow);
const openFaults = () => open({ model: FAULTS }, { maxRetries: 0 });

it('rows that failed are tried again by themselves, then by the fallback', async () => {
  const fn = await openFaults();
  const fallback = await open({});
  const details = await first(fn);
  const before = rowsOf(details);
  expect(before.map(({ error }) => error !== null)).toEqual([false, true, false, true, false, true, true, false]);

  const retried = await retryRows(fn, batch, details, { times: 2, fallback });
  const after = rowsOf(retried.details);
  expect(after.map(({ value }) => value)).toEqual(TEXTS);
  expect(after.every(({ error }) => error === null)).toBe(true);
  expect(after[3]).toEqual({ value: TEXTS[3], error: null, input_tokens: 2, output_tokens: 2, truncated: false });
  // What was well stays as it was.
  for (const row of [0, 2, 4, 7]) expect(after[row]).toEqual(before[row]);
  // The death took the worker's memory of the flaky text with it.
  expect(Array.from(retried.attempts).filter((_, row) => row !== 1)).toEqual([1, 1, 4, 1, 4, 4, 1]);
  expect(Array.from(retried.fallback).filter((_, row) => row !== 1)).toEqual([0, 0, 1, 0, 1, 1, 0]);
});

it('a row that is answered by its own model at last', async () => {
  const fn = await openFaults();
  const texts = textBatch(['a', 'b [[flaky]]']);
  let details: Data<Struct> | undefined;
  for await (const out of fn.over(stream(texts), {})) details = out.details;
  expect(rowsOf(details!)[1].error).toBe('[model] a fault that was asked for, expected none');
  const retried = await retryRows(fn, texts, details!, { times: 3 });
  expect(rowsOf(retried.details).map(({ value }) => value)).toEqual(['a', 'b [[flaky]]']);
  expect([...retried.attempts]).toEqual([1, 2]);
  expect([...retried.fallback]).toEqual([0, 0]);
});

it('rows that fail every time keep their error; nothing to do is nothing done', async () => {
  const fn = await openFaults();
  const details = await first(fn);
  const retried = await retryRows(fn, batch, details, { times: 1, fallback: fn });
  const rows = rowsOf(retried.details);
  expect(rows[3].error).toMatch(/^\[model\] /);
  expect(rows[5].error).toBe('[pool] the worker died on this row: it exited with code 7');
  expect([retried.attempts[3], retried.fallback[3]]).toEqual([3, 0]);
  const none = await retryRows(fn, batch, details, { times: 0 });
  expect(none.details).toBe(details);
  expect([...none.attempts]).toEqual(TEXTS.map(() => 1));
});

it('a fallback has to answer with the same type', async () => {
  const fn = await open({});
  const other = await open({ options: { resultType: 'string[]' } });
  await expect(retryRows(fn, batch, await first(fn), { times: 1, fallback: other })).rejects.toThrow(
    '[model] a fallback whose answers are List<Utf8>, expected Utf8',
  );
});
