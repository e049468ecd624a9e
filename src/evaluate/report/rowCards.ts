import { type EvaluatedText, type Evaluation, METRICS, type Metric } from '../types.js';
import { badge, type Contestant, scoreOf } from './contestants.js';
import { type Html, html, NOTHING } from './html.js';
import { type MarkedText, markedText, wordSet } from './marks.js';
import { METRIC_NAMES, rowValue } from './metricNames.js';
import { counted, shortened } from './shortened.js';

/** Longer texts are cut, which the page says: sixty whole books would not open on a phone. */
const MOST_OF_SOURCE = 20_000;
const MOST_OF_SUMMARY = 4_000;
/** Longer sources are folded. */
const MOST_OPEN = 300;
const TEASER = 160;

export interface RowSection {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  readonly rows: readonly number[];
}

export function rowSection(section: RowSection, evaluation: Evaluation, contestants: readonly Contestant[]): Html {
  const { id, title, intro, rows } = section;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="intro">${intro}</p>
${rows.map((row) => rowCard(`${id}-${row}`, row, evaluation, contestants))}
</section>
`;
}

function rowCard(id: string, row: number, evaluation: Evaluation, contestants: readonly Contestant[]): Html {
  const text = evaluation.texts[row];
  const source = text.source ?? '';
  const words = wordSet(source);
  const answers = contestants.map((contestant) =>
    answer(contestant, row, evaluation.ranking, (shown) => markedText(shown, source, words)),
  );
  const facts = answers.reduce((sum, { facts }) => sum + facts, 0);
  return html`<article id="${id}" aria-labelledby="${id}-title" data-facts="${facts}">
<h3 id="${id}-title"><a href="#${id}">Row ${evaluation.candidates[0].rows[row].row.toLocaleString('en')}</a></h3>
${sourceBlock(text)}
${referenceBlock(text, evaluation)}
<ul class="answers">
${answers.map(({ markup }) => markup)}
</ul>
</article>
`;
}

function sourceBlock({ source }: EvaluatedText): Html {
  if (source === null) return html`<h4>Source</h4><p class="none">null</p>`;
  const whole = textBlock(source, MOST_OF_SOURCE);
  if (source.length <= MOST_OPEN) return html`<h4>Source</h4>${whole}`;
  const teaser = shortened(source.replace(/\s+/g, ' '), TEASER).shown;
  return html`<details class="source"><summary><h4>Source, ${counted(source.length, 'character')}</h4> <span class="teaser" dir="auto">${teaser}…</span></summary>${whole}</details>`;
}

function referenceBlock({ reference }: EvaluatedText, { referenceColumn }: Evaluation): Html {
  if (referenceColumn === null) return NOTHING;
  return html`<h4>Reference</h4>${reference === null ? html`<p class="none">null</p>` : textBlock(reference, MOST_OF_SUMMARY)}`;
}

function textBlock(text: string, most: number): Html {
  const { shown, left } = shortened(text, most);
  return html`<p class="text" dir="auto">${shown}</p>${cutNote(left)}`;
}

function cutNote(left: number): Html {
  return left === 0 ? NOTHING : html`<p class="none">cut here; ${counted(left, 'more character')} not shown</p>`;
}

function answer(contestant: Contestant, row: number, ranking: Metric, mark: (text: string) => MarkedText) {
  const { candidate } = contestant;
  const { summary, error } = candidate.rows[row];
  const { shown, left } = shortened(summary ?? '', MOST_OF_SUMMARY);
  const marked = mark(shown);
  const body =
    summary === null
      ? html`<p class="none">${error === null ? 'null' : 'no summary'}</p>`
      : html`<p class="text" dir="auto">${summary === '' ? html`<span class="none">empty</span>` : marked.markup}</p>${cutNote(left)}`;
  const markup = html`<li>
<h4>${badge(contestant)} <bdi>${candidate.name}</bdi></h4>
${body}${error === null ? NOTHING : html`<p class="error"><strong>Error:</strong> <bdi>${shortened(error, MOST_OF_SUMMARY).shown}</bdi></p>`}
${scoreList(contestant, row, ranking)}</li>
`;
  return { markup, facts: marked.facts };
}

/** The metric that rows are ranked by comes first. */
function scoreList({ candidate }: Contestant, row: number, ranking: Metric): Html {
  const known = [ranking, ...METRICS.filter((metric) => metric !== ranking)].flatMap((metric) => {
    const value = scoreOf(candidate, row, metric);
    return value === null ? [] : [{ metric, value }];
  });
  if (known.length === 0) return NOTHING;
  const pairs = known.map(
    ({ metric, value }) =>
      html`<div${metric === ranking ? html` class="ranking"` : NOTHING}><dt>${METRIC_NAMES[metric].label}</dt><dd>${rowValue(metric, value)}</dd></div>`,
  );
  return html`<dl class="scores">${pairs}</dl>`;
}
