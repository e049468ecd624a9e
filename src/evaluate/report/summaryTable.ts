import { shortNumber } from '../../chart/scale.js';
import { type Candidate, type Cost, type Difference, type Evaluation, METRICS, type Metric } from '../types.js';
import { badge, type Contestant } from './contestants.js';
import { type Html, html, NOTHING } from './html.js';
import { METRIC_NAMES, metricValue } from './metricNames.js';
import { counted } from './shortened.js';

/** Differences that chance makes less often than this are marked. */
export const SIGNIFICANT = 0.05;

export function summaryTable(evaluation: Evaluation, contestants: readonly Contestant[]): Html {
  const measured = METRICS.filter((metric) => contestants.some(({ candidate }) => candidate.estimates[metric]));
  const metrics = [evaluation.ranking, ...measured.filter((metric) => metric !== evaluation.ranking)];
  return html`<section id="summary" aria-labelledby="summary-title">
<h2 id="summary-title">Summary</h2>
<div class="scroll" role="region" aria-labelledby="summary-caption" tabindex="0">
<table>
<caption><span id="summary-caption">Means over all rows, with the interval that 95% of bootstrap samples lie in</span></caption>
<thead><tr><th scope="col">Metric</th>${contestants.map(columnHead)}</tr></thead>
<tbody>
${metrics.map((metric) => metricRow(metric, evaluation, contestants))}</tbody>
<tbody class="costs">
${costRows(contestants)}</tbody>
</table>
</div>
${legend(contestants)}
${meanings(metrics)}
</section>
`;
}

function columnHead(contestant: Contestant): Html {
  const { name, kind, precision } = contestant.candidate;
  const about =
    kind === 'output' ? 'stored output' : precision === null || precision === 'none' ? 'model' : `model, ${precision}`;
  return html`<th scope="col">${badge(contestant)} <bdi>${name}</bdi><span class="about">${about}</span></th>`;
}

function metricRow(metric: Metric, { ranking }: Evaluation, contestants: readonly Contestant[]): Html {
  const { label, better } = METRIC_NAMES[metric];
  const best = bestOf(contestants, metric);
  const cells = contestants.map(({ candidate }) => metricCell(candidate, metric, best.has(candidate)));
  const way = better === null ? NOTHING : html`<span class="about">${better} is better</span>`;
  return html`<tr${metric === ranking ? html` class="ranking"` : NOTHING}><th scope="row">${label}${way}</th>${cells}</tr>
`;
}

function metricCell(candidate: Candidate, metric: Metric, isBest: boolean): Html {
  const estimate = candidate.estimates[metric];
  if (!estimate) return html`<td class="none">no value</td>`;
  const mean = metricValue(metric, estimate.mean);
  const of =
    estimate.rows === summariesOf(candidate)
      ? NOTHING
      : html`<span class="about">of ${counted(estimate.rows, 'row')}</span>`;
  return html`<td>${isBest ? html`<strong>${mean}</strong>` : html`${mean}`}<span class="about">${metricValue(metric, estimate.low)} to ${metricValue(metric, estimate.high)}</span>${differenceLine(candidate, metric)}${of}</td>`;
}

function summariesOf({ rows }: Candidate): number {
  return rows.filter(({ summary }) => summary !== null).length;
}

function differenceLine({ differences }: Candidate, metric: Metric): Html {
  const difference = differences?.[metric];
  if (!difference) return NOTHING;
  const { low, high, p } = difference;
  const detail = `95% interval of the difference: ${signed(metric, low)} to ${signed(metric, high)}; p ${pValue(p)}; ${counted(difference.rows, 'row')}`;
  return html`<span class="difference ${judged(metric, difference)}" title="${detail}">${signed(metric, difference.mean)} ${mark(difference)}</span>`;
}

function mark({ mean, p }: Difference): Html {
  if (p >= SIGNIFICANT) return html`<span class="said">not significant</span>`;
  const [sign, word] = mean > 0 ? ['▲', 'higher'] : ['▼', 'lower'];
  return html`<span aria-hidden="true">${sign}</span><span class="said">significantly ${word}, p ${pValue(p)}</span>`;
}

function judged(metric: Metric, { mean, p }: Difference): 'better' | 'worse' | 'even' {
  const { better } = METRIC_NAMES[metric];
  if (p >= SIGNIFICANT || better === null) return 'even';
  return mean > 0 === (better === 'higher') ? 'better' : 'worse';
}

/** Those with the best mean, as far as the figures shown can tell; none where all have it, or neither way is better. */
function bestOf(contestants: readonly Contestant[], metric: Metric): ReadonlySet<Candidate> {
  const { better } = METRIC_NAMES[metric];
  const measured = contestants.map(({ candidate }) => candidate).filter(({ estimates }) => estimates[metric]);
  const shown = ({ estimates }: Candidate) => Number(metricValue(metric, estimates[metric]!.mean));
  const best = (better === 'lower' ? Math.min : Math.max)(...measured.map(shown));
  const leaders = measured.filter((candidate) => shown(candidate) === best);
  return new Set(better === null || leaders.length === measured.length ? [] : leaders);
}

export function pValue(p: number): string {
  return p < 0.001 ? 'below 0.001' : p.toFixed(3);
}

export function signed(metric: Metric, value: number): string {
  const text = metricValue(metric, Math.abs(value));
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

const COSTS: readonly (readonly [string, (cost: Cost) => string | null])[] = [
  ['Rows a second', ({ rowsPerSecond }) => shortNumber(rowsPerSecond)],
  ['Seconds', ({ seconds }) => shortNumber(seconds)],
  ['Input tokens', ({ inputTokens }) => inputTokens.toLocaleString('en')],
  ['Output tokens', ({ outputTokens }) => outputTokens.toLocaleString('en')],
  ['Price', ({ price }) => (price === null ? null : price.toLocaleString('en', { maximumSignificantDigits: 3 }))],
];

function costRows(contestants: readonly Contestant[]): Html[] {
  const done = contestants.map(
    ({ candidate }) =>
      `${summariesOf(candidate).toLocaleString('en')} of ${candidate.rows.length.toLocaleString('en')}`,
  );
  const costs = COSTS.map(([name, value]) => ({
    name,
    values: contestants.map(({ candidate: { cost } }) => (cost ? value(cost) : null)),
  }));
  return [
    costRow('Rows with a summary', done),
    ...costs
      .filter(({ values }) => values.some((value) => value !== null))
      .map(({ name, values }) => costRow(name, values)),
  ];
}

function costRow(name: string, values: readonly (string | null)[]): Html {
  const cells = values.map((value) =>
    value === null ? html`<td class="none">not known</td>` : html`<td>${value}</td>`,
  );
  return html`<tr><th scope="row">${name}</th>${cells}</tr>
`;
}

function legend(contestants: readonly Contestant[]): Html {
  const bold = 'Bold: the best mean of its line.';
  if (contestants.length < 2) return NOTHING;
  const [first] = contestants;
  return html`<p class="legend">${bold} The signed figure is the difference from ${badge(first)} <bdi>${first.candidate.name}</bdi>, row by row. ▲ significantly higher, ▼ significantly lower (paired bootstrap, p below ${SIGNIFICANT}); a difference without a mark may be chance. Green is better, red is worse.</p>`;
}

function meanings(metrics: readonly Metric[]): Html {
  const pairs = metrics.map(
    (metric) => html`<div><dt>${METRIC_NAMES[metric].label}</dt><dd>${METRIC_NAMES[metric].meaning}</dd></div>`,
  );
  return html`<details class="meanings"><summary>What the metrics mean</summary><dl>${pairs}</dl></details>`;
}
