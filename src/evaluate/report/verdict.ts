import type { Candidate, Evaluation } from '../types.js';
import { badge, type Contestant } from './contestants.js';
import { type Html, html, NOTHING } from './html.js';
import { METRIC_NAMES, metricValue } from './metricNames.js';
import { pValue, SIGNIFICANT, signed } from './summaryTable.js';

/** One sentence: who is ahead by the ranking metric, and whether that may be chance. */
export function verdict({ ranking, candidates }: Evaluation, contestants: readonly Contestant[]): Html {
  const ranked = contestants
    .filter(({ candidate }) => candidate.estimates[ranking])
    .toSorted((a, b) => mean(b.candidate) - mean(a.candidate));
  if (ranked.length === 0) return NOTHING;
  const [best, next] = ranked;
  const { label } = METRIC_NAMES[ranking];
  const { low, high } = best.candidate.estimates[ranking]!;
  const interval = `${metricValue(ranking, low)} to ${metricValue(ranking, high)}`;
  const figure = html`<strong>${metricValue(ranking, mean(best.candidate))}</strong> (${interval})`;
  if (!next) return html`<p class="verdict">${named(best)} has a mean ${label} of ${figure}.</p>`;
  if (shownMean(next) === shownMean(best)) {
    return html`<p class="verdict">No candidate is ahead: the highest mean ${label} is ${figure}, of ${named(best)} and of ${named(next)}.</p>`;
  }
  return html`<p class="verdict">${named(best)} has the highest mean ${label}: ${figure}. ${comparison(best, next)}</p>`;

  function shownMean({ candidate }: Contestant): string {
    return metricValue(ranking, mean(candidate));
  }

  function mean(candidate: Candidate): number {
    return candidate.estimates[ranking]!.mean;
  }

  /** Differences are known against the first candidate only. */
  function comparison(best: Contestant, next: Contestant): Html {
    const other = best.candidate === candidates[0] ? next : contestants[0];
    const difference = (best.candidate === candidates[0] ? next : best).candidate.differences?.[ranking];
    if (!difference) return NOTHING;
    const ahead = signed(ranking, Math.abs(difference.mean));
    const sure = difference.p < SIGNIFICANT ? 'significant' : 'not significant: it may be chance';
    return html`Against ${named(other)} that is ${ahead}, which is ${sure} (p ${pValue(difference.p)}).`;
  }
}

function named(contestant: Contestant): Html {
  return html`${badge(contestant)} <bdi>${contestant.candidate.name}</bdi>`;
}
