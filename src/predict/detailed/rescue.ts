import { setMaxListeners } from 'node:events';
import type { Data, RecordBatch, Struct } from 'apache-arrow';
import type { BatchAnswer, GivenUp, MapOptions, Pool } from '../../pool/types.js';
import { sliceBatch } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import { batchOfColumns } from '../texts/answerBatch.js';
import { boolColumn, utf8Column } from '../texts/columnBuilders.js';
import { ERROR_COLUMN, RESULT_COLUMN, TRUNCATED_COLUMN } from '../texts/resultType.js';
import { textsOfRows, withoutText } from '../texts/withoutText.js';
import { failedDetails } from './details.js';

/**
 * Answers a partition that killed its worker on every attempt: its halves run alone, one after the other, with one attempt each, down to single rows,
 * which get all attempts. A row that fails them too is to blame, and that is its error.
 */
export function rescue(pool: Pool, type: Struct, signal: AbortSignal): NonNullable<MapOptions['onGivenUp']> {
  // A listener for each level that halves: Node would take more than ten for a leak.
  setMaxListeners(0, signal);
  const settle = async ({ partition, batch, cause, isShared }: GivenUp): Promise<BatchAnswer> => {
    const tried = (piece: RecordBatch) => attempt(piece, partition);
    if (isShared) return tried(batch);
    const rows = batch.numRows;
    if (rows === 1) return poisonAnswer(type, batch, cause);
    const middle = rows >> 1;
    const first = await tried(sliceBatch(batch, 0, middle));
    return joined(first, await tried(sliceBatch(batch, middle, rows)));
  };
  const attempt = async (piece: RecordBatch, firstPartition: number): Promise<BatchAnswer> => {
    const maxRetries = piece.numRows > 1 ? 0 : undefined;
    const how: MapOptions = { signal, alone: true, firstPartition, maxRetries, onGivenUp: settle };
    const answers: BatchAnswer[] = [];
    for await (const answer of pool.map([piece], how)) answers.push(answer);
    return answers[0];
  };
  return settle;
}

function poisonAnswer(type: Struct, row: RecordBatch, cause: string): BatchAnswer {
  const error = `[pool] the worker died on this row: ${causeOf(cause, row)}`;
  return answerOf(failedDetails(type, error), [error], [false]);
}

/** Which worker it was is chance: a job that runs again shall say the same. What a thread threw at its end may quote the row. */
function causeOf(cause: string, row: RecordBatch): string {
  const [what, thrown] = cause.replace(/^worker \d+/, 'it').split(/(?<=failed: )(.*)/s);
  return thrown === undefined ? what : what + withoutText(thrown, textsOfRows(row));
}

function joined(first: BatchAnswer, second: BatchAnswer): BatchAnswer {
  const both = [first.batch, second.batch];
  const result = concatData(both.map((batch) => batch.getChild(RESULT_COLUMN)!.data[0]));
  const marks = (column: string) =>
    both.flatMap((batch) => [...(batch.getChild(column) ?? new Array<null>(batch.numRows).fill(null))]);
  return { ...answerOf(result, marks(ERROR_COLUMN), marks(TRUNCATED_COLUMN)), counts: added(first, second) };
}

function answerOf(result: Data, errors: readonly (string | null)[], cut: readonly (boolean | null)[]): BatchAnswer {
  const columns: [string, Data][] = [[RESULT_COLUMN, result]];
  if (errors.some((error) => error !== null)) columns.push([ERROR_COLUMN, utf8Column(errors)]);
  if (cut.includes(true)) columns.push([TRUNCATED_COLUMN, boolColumn(cut)]);
  return { batch: batchOfColumns(columns, errors.length) };
}

function added(first: BatchAnswer, second: BatchAnswer): Record<string, number> {
  const counts: Record<string, number> = { ...first.counts };
  for (const [name, count] of Object.entries(second.counts ?? {})) counts[name] = (counts[name] ?? 0) + count;
  return counts;
}
