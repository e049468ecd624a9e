import type { Evaluation } from '../types.js';
import { scoreOf } from './contestants.js';

export const ROWS_SHOWN = 20;

/** Positions in `texts`. */
export interface ChosenRows {
  readonly best: readonly number[];
  readonly worst: readonly number[];
  readonly different: readonly number[];
  /** Rows for which some candidate has no summary. */
  readonly failed: readonly number[];
}

/** Best and worst for the first candidate, most different between all; of equals the earlier row comes first. */
export function chooseRows({ candidates, ranking, texts }: Evaluation): ChosenRows {
  const first: Ranked[] = [];
  const spreads: Ranked[] = [];
  const failed: number[] = [];
  for (let row = 0; row < texts.length; row++) {
    const scores = candidates.map((candidate) => scoreOf(candidate, row, ranking));
    if (scores[0] !== null) first.push({ row, value: scores[0] });
    const known = scores.filter((score) => score !== null);
    const spread = Math.max(...known) - Math.min(...known);
    if (known.length > 1 && spread > 0) spreads.push({ row, value: spread });
    if (candidates.some(({ rows }) => rows[row].summary === null)) failed.push(row);
  }
  return {
    best: highest(first),
    worst: highest(first.map(({ row, value }) => ({ row, value: -value }))),
    different: highest(spreads),
    failed,
  };
}

interface Ranked {
  readonly row: number;
  readonly value: number;
}

function highest(rows: readonly Ranked[]): number[] {
  return rows
    .toSorted((a, b) => b.value - a.value || a.row - b.row)
    .slice(0, ROWS_SHOWN)
    .map(({ row }) => row);
}
