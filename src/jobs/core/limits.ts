import { cost as costOf } from '../observe/drift.js';
import type { JobHistory } from './history.js';
import { faultsOf } from './rows.js';
import type { Segment } from './segments.js';
import { Stopped } from './stopped.js';

interface Committed {
  readonly partition: number;
  readonly firstRow: number;
  readonly segment: Segment;
}

/** Stops a job that went past a limit of its spec. Called after each commit: what led there is on the disk. */
export function checkLimits({ spec, totals, partitions }: JobHistory, failedHere: number, committed: Committed): void {
  const { errorThreshold, partitionErrorThreshold, cost } = spec;
  if (errorThreshold >= 0 && totals.failed > errorThreshold) {
    const expected = `at most ${errorThreshold} (errorThreshold)`;
    throw new Stopped(`${rows(totals.failed)} failed`, expected, firstFailure(committed));
  }
  // Rows fail for reasons of their own; a partition in which none succeeded says that something is wrong with the job.
  const lost =
    failedHere === 0 ? 0 : partitions.filter((one) => one.rows > 1 && one.failed > 0 && one.succeeded === 0).length;
  if (partitionErrorThreshold >= 0 && lost > partitionErrorThreshold) {
    const found =
      lost === 1 ? `every row of partition ${committed.partition} failed` : `every row of ${lost} partitions failed`;
    throw new Stopped(
      found,
      `at most ${partitionErrorThreshold} such (partitionErrorThreshold)`,
      firstFailure(committed),
    );
  }
  if (cost === null || cost.max === null) return;
  const spent = costOf({ input_tokens: totals.inputTokens, output_tokens: totals.outputTokens }, cost) ?? 0;
  if (spent > cost.max) throw new Stopped(`the job has cost ${spent.toFixed(4)}`, `at most ${cost.max} (maxCost)`);
}

function firstFailure({ firstRow, segment }: Committed): Stopped['failure'] {
  const faults = faultsOf(segment.details) ?? [];
  const at = faults.findIndex((fault) => fault !== null);
  return at < 0 ? null : { row: firstRow + at + 1, reason: faults[at]! };
}

function rows(number: number): string {
  return number === 1 ? '1 row has' : `${number} rows have`;
}
