import { documentOf } from '../../scripts/corpus/documents.js';
import { scoreRow } from '../../src/evaluate/scoreRow.js';
import {
  type Candidate,
  type Difference,
  type Estimate,
  type Evaluation,
  METRICS,
  type Metric,
  type RowScores,
} from '../../src/evaluate/types.js';
import { openModel } from '../../src/predict/openModel.js';

export interface SampleText {
  readonly source: string | null;
  readonly reference: string | null;
}

/** Short documents of the test split with their references. */
export function corpusTexts(count: number): SampleText[] {
  return Array.from({ length: count }, (_, number) => {
    const { text, summary } = documentOf('test', number, 1, { least: 60, most: 250 });
    return { source: text, reference: summary };
  });
}

/** What the models without weights say of the texts, with their scores. */
export async function sampleEvaluation(
  texts: readonly SampleText[],
  { uris = ['builtin:lead-3', 'builtin:lead-1', 'builtin:textrank'], input = 'reports.parquet' } = {},
): Promise<Evaluation> {
  const candidates: Candidate[] = [];
  for (const uri of uris) {
    const before = performance.now();
    const model = await openModel(uri);
    const { results } = await model.generateTexts(
      texts.map(({ source }) => source ?? ''),
      {},
      {},
    );
    const seconds = (performance.now() - before) / 1000;
    const summaries = texts.map(({ source }, row) => (source === null ? null : results[row].text));
    const tokens = results.reduce((sum, { inputTokens }) => sum + inputTokens, 0);
    candidates.push(
      candidateOf(uri, texts, summaries, candidates[0], {
        seconds,
        rowsPerSecond: texts.length / seconds,
        inputTokens: tokens,
        outputTokens: results.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
        price: null,
      }),
    );
  }
  return {
    input,
    textColumn: 'document',
    referenceColumn: 'summary',
    texts,
    candidates,
    ranking: 'rougeL',
    seed: 0,
    machine: 'Linux x64, 2 cores',
    date: '2026-11-21T12:00:00Z',
  };
}

/** A candidate whose summaries are given, as a stored output's are. */
export function candidateOf(
  name: string,
  texts: readonly SampleText[],
  summaries: readonly (string | null)[],
  first?: Candidate,
  cost: Candidate['cost'] = null,
): Candidate {
  const rows = texts.map(({ source, reference }, row) => ({
    row,
    summary: summaries[row],
    error: null,
    scores: scoresOf(source, reference, summaries[row]),
  }));
  const estimates: Partial<Record<Metric, Estimate>> = {};
  const differences: Partial<Record<Metric, Difference>> = {};
  for (const metric of METRICS) {
    const values = rows.map(({ scores }) => scores?.[metric] ?? null);
    if (values.every((value) => value === null)) continue;
    estimates[metric] = estimateOf(values);
    const apart = first?.rows.map(({ scores }, row) => difference(values[row], scores?.[metric] ?? null));
    if (apart) differences[metric] = differenceOf(apart);
  }
  return {
    name,
    kind: cost ? 'model' : 'output',
    precision: null,
    cost,
    rows,
    estimates,
    differences: first ? differences : null,
  };
}

function scoresOf(source: string | null, reference: string | null, summary: string | null): RowScores | null {
  return summary === null || source === null ? null : scoreRow({ source, reference, summary });
}

/** The page shows what it is given; the normal approximation is near enough to look at. */
function estimateOf(values: readonly (number | null)[]): Estimate {
  const known = values.filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  const half = 1.96 * Math.sqrt(variance / known.length);
  return { mean, low: mean - half, high: mean + half, rows: known.length };
}

function difference(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one - other;
}

function differenceOf(apart: readonly (number | null)[]): Difference {
  const estimate = estimateOf(apart);
  return { ...estimate, p: estimate.low > 0 || estimate.high < 0 ? 0.001 : 0.4 };
}
