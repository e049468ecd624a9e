import { describe, expect, it } from 'vitest';
import { evaluationTable } from '../../src/cli/evalTable.js';
import { type Candidate, type Evaluation, METRICS, type Metric } from '../../src/evaluate/types.js';

const NOTHING = { out: null, report: null, sheet: null };

interface Figures {
  readonly mean: number;
  readonly p?: number;
}

function candidate(
  name: string,
  figures: Partial<Record<Metric, Figures>>,
  cost: Partial<Candidate['cost']>,
): Candidate {
  const entries = Object.entries(figures).map(
    ([metric, { mean, p = 1 }]) => [metric, { mean, low: mean - 0.01, high: mean + 0.01, rows: 2, p }] as const,
  );
  return {
    name,
    kind: 'model',
    precision: 'int8',
    cost: { seconds: 1, rowsPerSecond: 2, inputTokens: 30, outputTokens: 4, price: null, ...cost },
    rows: [],
    estimates: Object.fromEntries(entries),
    differences: Object.fromEntries(entries),
  };
}

function evaluation(candidates: readonly Candidate[]): Evaluation {
  return {
    input: 'news.parquet',
    textColumn: 'body',
    referenceColumn: null,
    texts: [{ source: 'A.', reference: null }],
    candidates,
    ranking: 'faithful',
    seed: 0,
    machine: 'a machine',
    date: '2026-01-01T00:00:00.000Z',
  };
}

describe('the table of an evaluation', () => {
  it('marks what is best and what differs', () => {
    const text = evaluationTable(
      evaluation([
        candidate(
          'a',
          { faithful: { mean: 0.9 }, repeated: { mean: 0.02 }, copied: { mean: 1 }, words: { mean: 12 } },
          {},
        ),
        candidate(
          'b',
          {
            faithful: { mean: 0.9996, p: 0.049 },
            repeated: { mean: 0.01, p: 0.0099 },
            copied: { mean: 0.5, p: 0.05 },
            words: { mean: 20.26, p: 0.001 },
          },
          { rowsPerSecond: 1234.5, inputTokens: 1_234_567, outputTokens: 345_678 },
        ),
      ]),
      NOTHING,
    );
    expect(text).toBe(`candidate  faithful        95%  copied  repeated   words  rows/s  tok in  tok out
a            .900    .890-.910  1.00      .020    12.0         2      30        4
b           >1.00*   .990-1.01  .500     >.010**  20.3**  >1,235   1.23M     346k

rows        1 row of news.parquet (body)
marks       95%: of faithful, by the bootstrap; >: best of the column; * p < 0.05, ** p < 0.01: differs from a, row by row
`);
  });

  it('marks no best where all are equal, and none of one', () => {
    const equal = [candidate('a', { faithful: { mean: 1 } }, {}), candidate('b', { faithful: { mean: 1 } }, {})];
    expect(evaluationTable(evaluation(equal), NOTHING).split('\n').slice(0, 3).join()).not.toContain('>');
    const text = evaluationTable(evaluation(equal.slice(1)), NOTHING);
    expect(text.split('\n').slice(0, 2).join()).not.toContain('>');
    expect(text).not.toContain('differs');
  });

  it('fits 160 columns with every metric, long names and large figures', () => {
    const names = ['/models/of/ours/t5-small-finetuned', '/models/of/theirs/t5-small-finetuned'];
    const candidates = names.map((name, i) =>
      candidate(
        name,
        Object.fromEntries(
          METRICS.map((metric) => [metric, { mean: metric === 'words' ? 123.4 + i : 0.5 + i / 9, p: 0 }]),
        ),
        {
          rowsPerSecond: 123_456,
          inputTokens: 123_456_789 + i,
          outputTokens: 12_345_678,
          price: 0.000123456 * (i + 1),
        },
      ),
    );
    const lines = evaluationTable(evaluation(candidates), NOTHING).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(160);
    expect(lines[0]).toMatch(/judge .* cost$/);
    expect(new Set(lines.slice(1, 3).map((line) => line.split(' ')[0])).size).toBe(2);
  });
});
