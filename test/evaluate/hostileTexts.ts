import type { Candidate, EvaluatedText, Evaluation } from '../../src/evaluate/types.js';

const RUNS = 'window.broken=true';

export const HOSTILE_NAME = `<svg onload="${RUNS}">"quoted' & named`;

/** Texts that try to leave their place, or that renderers stumble over. */
export const HOSTILE: readonly EvaluatedText[] = [
  {
    source: `A </p></details></article><script>${RUNS}</script></title></style><img src=x onerror="${RUNS}"> text & its <b>tags</b>.`,
    reference: `<iframe srcdoc="<script>parent.${RUNS}</script>">`,
  },
  { source: `--><!--<script>${RUNS}</script> &lt;img src=x onerror=${RUNS}&gt;`, reference: null },
  { source: 'التقرير السنوي 2024: ارتفعت المبيعات. انتهى.', reference: 'ارتفعت المبيعات في 2025' },
  { source: 'half \ud83d a pair, \udc00 and a bell \u0007 and a zero \u0000.', reference: 'half \ud83d' },
  { source: 'Emoji 👩‍🚒🚒🇩🇪 and \u202eoverridden\u202c order.', reference: '👩‍🚒🚒' },
  { source: null, reference: null },
  { source: '', reference: '' },
];

/** Whatever a user may name is hostile too, and the hostile rows stand first among the best, worst and different. */
export function attack(evaluation: Evaluation): Evaluation {
  const bad = `x"><img src=x onerror="${RUNS}">`;
  const first = evaluation.texts.length - HOSTILE.length;
  const candidates = evaluation.candidates.map((candidate, i) => failing(candidate, first, i === 0 ? 1 : 0));
  const [one, other, ...rest] = candidates;
  return {
    ...evaluation,
    candidates: [one, { ...other, name: HOSTILE_NAME, precision: bad }, ...rest],
    input: bad,
    textColumn: bad,
    referenceColumn: bad,
    machine: bad,
    date: bad,
  };
}

/** The rows of `HOSTILE` get the score; those without a text, an error that is hostile. */
function failing(candidate: Candidate, first: number, score: number): Candidate {
  const rows = candidate.rows.map((row) => {
    if (row.row < first) return row;
    if (row.summary === null) return { ...row, error: `boom <img src=x onerror="${RUNS}">` };
    return { ...row, scores: { ...row.scores!, rougeL: score } };
  });
  return { ...candidate, rows };
}
