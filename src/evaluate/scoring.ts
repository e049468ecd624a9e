import { setImmediate } from 'node:timers/promises';
import type { Produced } from './produced.js';
import { scoreRow } from './scoreRow.js';
import { difference, estimate } from './statistics/bootstrap.js';
import {
  type Candidate,
  type Difference,
  type Estimate,
  type EvaluatedRow,
  type EvaluatedText,
  METRICS,
  type Metric,
} from './types.js';

/** Bootstrap samples of an interval. */
const SAMPLES = 1000;
/** Scoring takes its thread; a Ctrl-C has to be heard, and progress seen. */
const TURN_MS = 50;

export interface ScoringHow {
  readonly signal?: AbortSignal;
  readonly onRows?: (done: number) => void;
}

/** Rows without a text or without a summary have no scores. */
export async function scoreRows(
  texts: readonly EvaluatedText[],
  produced: readonly Produced[],
  { signal, onRows }: ScoringHow,
): Promise<EvaluatedRow[]> {
  const rows: EvaluatedRow[] = [];
  let turned = performance.now();
  for (const [row, { source, reference }] of texts.entries()) {
    const { summary, error } = produced[row];
    const scores = source === null || summary === null ? null : scoreRow({ source, summary, reference });
    rows.push({ row, summary, error, scores });
    if (performance.now() - turned < TURN_MS) continue;
    onRows?.(row + 1);
    await setImmediate();
    signal?.throwIfAborted();
    turned = performance.now();
  }
  onRows?.(texts.length);
  return rows;
}

export type Unestimated = Omit<Candidate, 'estimates' | 'differences'>;

export interface EstimateHow {
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called with the share of the candidate's metrics that are done. */
  readonly onMetric?: (candidate: string, share: number) => void;
}

/** With means, and their differences from the first candidate. */
export async function estimated(
  candidates: readonly Unestimated[],
  { seed, signal, onMetric }: EstimateHow,
): Promise<Candidate[]> {
  const done: Candidate[] = [];
  const firstValues = new Map<Metric, readonly (number | null)[]>();
  for (const candidate of candidates) {
    const isFirst = done.length === 0;
    const estimates: Partial<Record<Metric, Estimate>> = {};
    const differences: Partial<Record<Metric, Difference>> = {};
    for (const [i, metric] of METRICS.entries()) {
      const values = candidate.rows.map(({ scores }) => scores?.[metric] ?? null);
      if (isFirst) firstValues.set(metric, values);
      const own = estimate(values, { seed, samples: SAMPLES });
      if (own) estimates[metric] = own;
      const apart = isFirst ? null : difference(values, firstValues.get(metric)!, { seed, samples: SAMPLES });
      if (apart) differences[metric] = apart;
      onMetric?.(candidate.name, (i + 1) / METRICS.length);
      await setImmediate();
      signal?.throwIfAborted();
    }
    done.push({ ...candidate, estimates, differences: isFirst ? null : differences });
  }
  return done;
}
