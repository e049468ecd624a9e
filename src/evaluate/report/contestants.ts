import { MOST_SERIES } from '../../chart/colours.js';
import type { Candidate, Evaluation, Metric } from '../types.js';
import { type Html, html } from './html.js';

/** A candidate with the letter and colour that stand for it all over the page. */
export interface Contestant {
  readonly candidate: Candidate;
  readonly letter: string;
  /** Class of its colour. */
  readonly series: string;
}

export function contestantsOf({ candidates }: Evaluation): Contestant[] {
  return candidates.map((candidate, i) => ({
    candidate,
    letter: letterOf(i),
    series: `series${i % MOST_SERIES}`,
  }));
}

export function scoreOf(candidate: Candidate, row: number, metric: Metric): number | null {
  return candidate.rows[row].scores?.[metric] ?? null;
}

/** A letter as well as a colour, for eyes and printers that see no colours. */
export function badge({ letter, series }: Contestant): Html {
  return html`<span class="badge ${series}">${letter}</span>`;
}

/** A, B, ... Z, AA, AB, ... */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
