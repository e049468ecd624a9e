import type { Data, RecordBatch, Struct } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { concatBatches, sliceBatch } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import type { DetailedFunction } from './types.js';

export interface RetryOptions {
  /** How often rows that failed are tried again with their own function. */
  readonly times: number;
  /** Tries those that are left once. */
  readonly fallback?: DetailedFunction;
  readonly signal?: AbortSignal;
}

export interface Retried {
  readonly details: Data<Struct>;
  /** Of each row: 1 where the first try was the only one. */
  readonly attempts: Int32Array;
  /** 1 where the fallback answered. */
  readonly fallback: Uint8Array;
}

/**
 * The details with the rows that failed tried again, each by itself: up to `times`, then by the fallback. Of rows that fail every time the error is
 * the last one. Functions count in their stats what they are given here too.
 */
export async function retryRows(
  fn: DetailedFunction,
  batch: RecordBatch,
  details: Data<Struct>,
  { times, fallback, signal }: RetryOptions,
): Promise<Retried> {
  if (fallback && String(fallback.type) !== String(fn.type)) {
    throw new PrecisError('model', {
      found: `a fallback whose answers are ${fallback.type}`,
      expected: `${fn.type}, as those that it stands in for`,
    });
  }
  const retried = { details, attempts: new Int32Array(batch.numRows).fill(1), fallback: new Uint8Array(batch.numRows) };
  const tries = [...new Array<DetailedFunction>(times).fill(fn), ...(fallback ? [fallback] : [])];
  for (const tried of tries) {
    const rows = failedRows(retried.details);
    if (rows.length === 0) break;
    const answers = await answersOf(tried, batch, rows, signal);
    retried.details = withRows(retried.details, rows, answers);
    const isFailed = new Set(failedRows(answers));
    rows.forEach((row, at) => {
      retried.attempts[row]++;
      if (tried === fallback && !isFailed.has(at)) retried.fallback[row] = 1;
    });
  }
  return retried;
}

/** In ascending order. */
function failedRows({ children, length }: Data<Struct>): number[] {
  const [, errors] = children;
  if (errors.nullCount === length) return [];
  return Array.from({ length }, (_, row) => row).filter((row) => errors.getValid(row));
}

async function answersOf(
  fn: DetailedFunction,
  batch: RecordBatch,
  rows: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Data<Struct>> {
  const failed = concatBatches(rows.map((row) => sliceBatch(batch, row, row + 1)));
  const answers: Data<Struct>[] = [];
  for await (const { details } of fn.over(once(failed), { signal, apart: true })) answers.push(details);
  return concatData(answers) as Data<Struct>;
}

async function* once(batch: RecordBatch): AsyncGenerator<RecordBatch, void, undefined> {
  yield batch;
}

/** Some rows, in ascending order, in the place of others. */
function withRows(details: Data<Struct>, rows: readonly number[], answers: Data<Struct>): Data<Struct> {
  const parts: Data[] = [];
  let next = 0;
  rows.forEach((row, at) => {
    if (row > next) parts.push(details.slice(next, row - next));
    parts.push(answers.slice(at, 1));
    next = row + 1;
  });
  if (next < details.length) parts.push(details.slice(next, details.length - next));
  return concatData(parts) as Data<Struct>;
}
