import type { Metric } from '../types.js';

/** What stands in the reference's place where a candidate's name is expected. */
export const REFERENCE = 'the reference';

/** Metrics whose agreement with people is told, where the rows have them. */
export const COMPARED_METRICS = ['rougeL', 'judge', 'faithful'] as const satisfies readonly Metric[];
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

/** Two values: of summary_1 and of summary_2. */
export type Two<Value> = readonly [Value, Value];

export interface SheetOptions {
  /** Pairs to rate. */
  readonly count: number;
  /** Decides which rows are drawn, which summary stands first, and the order of the sheet. */
  readonly seed: number;
}

export interface WrittenSheet {
  readonly file: string;
  /** Beside it: which candidate is which. Not for the eyes of who rates. */
  readonly keyFile: string;
  /** Fewer than were asked for if there are no more. */
  readonly pairs: number;
  /** Pairs that were not drawn because both summaries are the same. */
  readonly identical: number;
  /** Texts that were cut to what a cell of a spreadsheet holds. */
  readonly cut: number;
}

/** A share with its 95% interval, by Wilson. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

/** How two candidates stand against each other. */
export interface RatedPair {
  readonly one: string;
  readonly other: string;
  /** Rows in which `one` was better, in which `other` was, and in which neither. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Two-sided, by the exact sign test; ties say nothing. Null if there is nothing but ties. */
  readonly p: number | null;
  /** Wins among wins and losses. */
  readonly winShare: Share | null;
}

/** Among rows where the person preferred one summary and the metric too: how often the same. */
export interface Agreement extends Share {
  readonly metric: ComparedMetric;
}

export interface RatedRow {
  readonly id: string;
  /** In the table, from 0. */
  readonly row: number;
  readonly one: string;
  readonly other: string;
  /** Null for a tie. */
  readonly better: string | null;
  readonly comment: string;
}

export interface Ratings {
  readonly sheet: string;
  readonly rated: number;
  /** Pairs of the key without a rating: left empty, or gone from the sheet. */
  readonly unrated: number;
  readonly pairs: readonly RatedPair[];
  readonly agreement: readonly Agreement[];
  /** How often summary_1 was better, whatever it was: far from a half, the place was judged and not the summary. */
  readonly firstBetter: Share | null;
  readonly rows: readonly RatedRow[];
}
