import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { retryRows } from '../../predict/detailed/retryRows.js';
import type { DetailedFunction } from '../../predict/detailed/types.js';
import { concatBatches } from '../../table/columns.js';
import { commit } from './computeRest.js';
import { neededColumns } from './neededColumns.js';
import { type OpenWork, openFunction } from './openWork.js';
import { hasFaults } from './rows.js';
import { readSegment } from './segments.js';
import type { Session } from './session.js';

/** Computes the rows that failed once more, partition by partition where they lie; a partition's new segment takes the place of its old one. */
export async function retryFailed(session: Session, opened: OpenWork): Promise<void> {
  const { history, how, segments } = session;
  refuseAppended(session);
  const functions = await retryFunctions(session, opened);
  try {
    for (const done of history.partitions.filter(({ failed }) => failed > 0)) {
      const begin = performance.now();
      const { flags, ...before } = readSegment(segments, done);
      const batch = await rowsOf(session, opened, done.firstRow, done.rows);
      const attempts = before.attempts.slice();
      const fallback = before.fallback.slice();
      const details = [...before.details];
      for (const [at, fn] of functions.entries()) {
        if (!hasFaults(details[at])) continue;
        const times = 1 + history.spec.retry.maxRetries;
        const again = await retryRows(fn, batch, details[at], { times, signal: how.signal });
        details[at] = again.details;
        // The helper counts from a first try that was not its own.
        for (let row = 0; row < flags.length; row++) attempts[row] += again.attempts[row] - 1;
      }
      commit(session, done, { flags, attempts, fallback, details }, (performance.now() - begin) / 1000);
      how.signal.throwIfAborted();
    }
  } finally {
    if (how.retryModel !== undefined) for (const fn of functions) await fn.close();
  }
}

/** Rows that were appended cannot be taken back, and would be there twice. */
function refuseAppended({ history }: Session): void {
  const { output } = history.spec;
  if (output.mode !== 'append' || history.published === null) return;
  throw new PrecisError('job', {
    found: `job ${history.id} has appended its rows to ${output.path} already`,
    expected: 'an output that was created or overwritten, or merged by key',
    action: `make a job that merges: its source is ${history.published.failedRows ?? 'the rows that failed'}`,
  });
}

function retryFunctions({ history, how }: Session, opened: OpenWork): Promise<readonly DetailedFunction[]> {
  const { retryModel } = how;
  if (retryModel === undefined) return Promise.resolve(opened.functions);
  return Promise.all(history.spec.columns.map((column) => openFunction(history.spec, column, retryModel)));
}

async function rowsOf(
  { history, how }: Session,
  { table }: OpenWork,
  offset: number,
  limit: number,
): Promise<RecordBatch> {
  const batches: RecordBatch[] = [];
  const request = { columns: neededColumns(history.spec), offset, limit, signal: how.signal };
  for await (const batch of table.batches(request)) batches.push(batch);
  return concatBatches(batches);
}
