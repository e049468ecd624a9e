import { type Data, type Struct, Vector } from 'apache-arrow';
import { textValues } from '../../table/columns.js';
import { CACHED, CARRIED, COMPUTED, FILTERED } from './flags.js';
import type { Counts } from './journalRecords.js';
import type { Segment } from './segments.js';

/** The fields of details, in their order: see predict/detailed/types.ts. */
const VALUE = 0;
const ERROR = 1;
const INPUT_TOKENS = 2;
const OUTPUT_TOKENS = 3;
const TRUNCATED = 4;

export const answersOf = (details: Data<Struct>): Data => part(details, VALUE);
export const errorsOf = (details: Data<Struct>): Data => part(details, ERROR);
export const inputTokensOf = (details: Data<Struct>): Data => part(details, INPUT_TOKENS);
export const outputTokensOf = (details: Data<Struct>): Data => part(details, OUTPUT_TOKENS);
export const truncatedOf = (details: Data<Struct>): Data => part(details, TRUNCATED);

/** A struct's rows that are null have null fields here, but their bits need not say so; ours always do (nullData). */
function part(details: Data<Struct>, at: number): Data {
  return details.children[at];
}

/** Whether any row of a column failed. */
export function hasFaults(details: Data<Struct>): boolean {
  const errors = errorsOf(details);
  return errors.nullCount < errors.length;
}

/** The reason of each row that failed, of the first column that did; null if none did, as nearly always. */
export function faultsOf(details: readonly Data<Struct>[]): readonly (string | null)[] | null {
  const failing = details.filter(hasFaults).map(errorsOf);
  if (failing.length === 0) return null;
  const texts = failing.map((errors) => textValues(new Vector([errors])));
  return texts[0].map((_, row) => texts.map((column) => column[row]).find((text) => text !== null) ?? null);
}

export function countsOf({ flags, details, attempts }: Segment): Counts {
  const rows = flags.length;
  const faults = faultsOf(details);
  const failed = faults === null ? 0 : faults.filter((fault) => fault !== null).length;
  const number = (flag: number) => flags.reduce((sum, one) => sum + (one === flag ? 1 : 0), 0);
  const filtered = number(FILTERED);
  return {
    rows,
    succeeded: rows - failed - filtered,
    failed,
    filtered,
    carried: number(CARRIED),
    cached: number(CACHED),
    retried: attempts.reduce((sum, times) => sum + (times > 1 ? 1 : 0), 0),
    truncated: anyTrue(details.map(truncatedOf), flags),
    inputTokens: details.reduce((sum, data) => sum + total(inputTokensOf(data), flags), 0),
    outputTokens: details.reduce((sum, data) => sum + total(outputTokensOf(data), flags), 0),
  };
}

/** Of what was computed: tokens of answers from before cost nothing. */
function total(column: Data, flags: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < column.length; row++) {
    if (flags[row] === COMPUTED && column.getValid(row)) sum += column.values[row];
  }
  return sum;
}

function anyTrue(columns: readonly Data[], flags: Uint8Array): number {
  const vectors = columns.map((column) => new Vector([column]));
  let count = 0;
  for (let row = 0; row < flags.length; row++) {
    if (flags[row] === COMPUTED && vectors.some((vector) => vector.get(row) === true)) count++;
  }
  return count;
}
