import { type Candidate, type Evaluation, METRICS, type RowScores } from '../../src/evaluate/types.js';

export interface Summaries {
  readonly name: string;
  readonly summaries: readonly (string | null)[];
  readonly scores?: readonly Partial<RowScores>[];
}

const NO_SCORES = Object.fromEntries(METRICS.map((metric) => [metric, null])) as RowScores;

/** An evaluation of given summaries, as the command would hand it on; rows of the table are counted by tens. */
export function evaluationOf(
  sources: readonly (string | null)[],
  references: readonly (string | null)[] | null,
  candidates: readonly Summaries[],
): Evaluation {
  return {
    input: 'reports.parquet',
    textColumn: 'report',
    referenceColumn: references && 'abstract',
    texts: sources.map((source, index) => ({ source, reference: references?.[index] ?? null })),
    candidates: candidates.map(candidateOf),
    ranking: 'rougeL',
    seed: 0,
    machine: 'a machine',
    date: '2026-11-21T12:00:00.000Z',
  };
}

function candidateOf({ name, summaries, scores }: Summaries): Candidate {
  return {
    name,
    kind: 'output',
    precision: null,
    cost: null,
    rows: summaries.map((summary, index) => ({
      row: index * 10,
      summary,
      error: null,
      scores: summary === null ? null : { ...NO_SCORES, ...scores?.[index] },
    })),
    estimates: {},
    differences: null,
  };
}
