import type { RecordBatch } from 'apache-arrow';
import { isText, textValues } from '../../table/columns.js';
import type { FilterSpec } from '../types.js';
import { FILTERED } from './flags.js';

/** Marks the rows that need no answer: those where a text that a function reads is null, blank or too short, as far as the filter asks. */
export function markFiltered(
  batch: RecordBatch,
  texts: readonly string[],
  filter: FilterSpec,
  flags: Uint8Array,
): void {
  const { nulls, blank, shorterThan } = filter;
  if (!nulls && !blank && shorterThan === 0) return;
  for (const name of texts) {
    const column = batch.getChild(name)!;
    if (!isText(column.type)) continue;
    textValues(column).forEach((text, row) => {
      if (text === null ? nulls : (blank && text.trim() === '') || isShorter(text, shorterThan)) flags[row] = FILTERED;
    });
  }
}

/** In characters as a reader counts code points; only a text that may be too short is gone through. */
function isShorter(text: string, least: number): boolean {
  if (least === 0 || text.length >= 2 * least) return false;
  return [...text].length < least;
}
