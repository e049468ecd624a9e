import type { Metric } from '../types.js';

export interface MetricName {
  readonly label: string;
  readonly meaning: string;
  /** Which way is better; null where neither is. */
  readonly better: 'higher' | 'lower' | null;
}

const ROUGE = 'overlap with the reference, F1 with stemming';

export const METRIC_NAMES: Readonly<Record<Metric, MetricName>> = {
  rouge1: { label: 'ROUGE-1', meaning: `${ROUGE}: words`, better: 'higher' },
  rouge2: { label: 'ROUGE-2', meaning: `${ROUGE}: pairs of words`, better: 'higher' },
  rougeL: { label: 'ROUGE-L', meaning: `${ROUGE}: longest common order of words`, better: 'higher' },
  rougeLsum: { label: 'ROUGE-Lsum', meaning: `${ROUGE}: the same, line by line`, better: 'higher' },
  faithful: {
    label: 'Faithful numbers',
    meaning: 'share of the numbers, dates and codes that the source has',
    better: 'higher',
  },
  faithfulNames: { label: 'Faithful names', meaning: 'share of the names that the source has', better: 'higher' },
  copied: { label: 'Copied', meaning: 'share of runs of three words that stand in the source', better: null },
  novelty: { label: 'Novel', meaning: 'share of words that the source does not have', better: null },
  repeated: {
    label: 'Repeated',
    meaning: 'share of runs of three words that came before in the summary',
    better: 'lower',
  },
  words: { label: 'Words', meaning: 'length of the summary', better: null },
  compression: { label: 'Compression', meaning: 'words of the summary for each word of the source', better: null },
  judge: { label: 'Judge', meaning: "a model's expected answer, from 0 (bad) to 1 (good)", better: 'higher' },
};

/** As many places as can be told apart from chance: three of a share, one of a count. */
export function metricValue(metric: Metric, value: number): string {
  return value.toFixed(metric === 'words' ? 1 : 3).replace(/^-(?=[0.]+$)/, '');
}

/** A single row's value: a count of words is whole. */
export function rowValue(metric: Metric, value: number): string {
  return metric === 'words' ? String(value) : value.toFixed(2);
}
