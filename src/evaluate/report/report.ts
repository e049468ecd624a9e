import { createHash } from 'node:crypto';
import { axisTicks } from '../../chart/scale.js';
import type { Evaluation } from '../types.js';
import { histograms } from './charts/histograms.js';
import { qualityBars } from './charts/qualityBars.js';
import { speedScatter } from './charts/speedScatter.js';
import { chooseRows, ROWS_SHOWN } from './chosenRows.js';
import { badge, type Contestant, contestantsOf, scoreOf } from './contestants.js';
import { type Html, html, NOTHING, trusted } from './html.js';
import { METRIC_NAMES } from './metricNames.js';
import { type RowSection, rowSection } from './rowCards.js';
import { SCRIPT } from './script.js';
import { counted } from './shortened.js';
import { STYLE } from './style.js';
import { summaryTable } from './summaryTable.js';
import { verdict } from './verdict.js';

/** A whole page in one file, which asks nothing of any network; of the rows, only those that it shows are in it. */
export function renderReport(evaluation: Evaluation): string {
  const contestants = contestantsOf(evaluation);
  const sections = rowSections(evaluation, contestants);
  const title = `Evaluation of ${evaluation.input}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<header>
<h1>Evaluation of <bdi>${evaluation.input}</bdi></h1>
${verdict(evaluation, contestants)}
${facts(evaluation)}
${contents(sections)}
</header>
<main>
${summaryTable(evaluation, contestants)}
${charts(evaluation, contestants)}
${rowsIntro(sections)}
${sections.map((section) => rowSection(section, evaluation, contestants))}
</main>
<footer><p>Written by precis. This file is complete: it loads nothing and sends nothing.</p></footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text;
}

/** Nothing is loaded, nothing is sent, and no script or style runs but our own, even if a text were to break out of its place. */
function policy(): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
}

function facts(evaluation: Evaluation): Html {
  const { candidates, textColumn, referenceColumn, texts, ranking, date, machine, seed } = evaluation;
  const pairs: readonly (readonly [string, string])[] = [
    ['Rows', texts.length.toLocaleString('en')],
    ['Candidates', String(candidates.length)],
    ['Text column', textColumn],
    ['Reference column', referenceColumn ?? 'none'],
    ['Ranked by', METRIC_NAMES[ranking].label],
    ['Date', date],
    ['Machine', machine],
    ['Seed', String(seed)],
  ];
  return html`<dl class="facts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`;
}

function contents(sections: readonly RowSection[]): Html {
  const links = [{ id: 'summary', title: 'Summary' }, { id: 'charts', title: 'Charts' }, ...sections];
  return html`<nav aria-label="Contents"><ul>${links.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

function charts({ ranking, texts }: Evaluation, contestants: readonly Contestant[]): Html {
  const { label } = METRIC_NAMES[ranking];
  const keys = contestants.map(
    (contestant) => html`<li>${badge(contestant)} <bdi>${contestant.candidate.name}</bdi></li>`,
  );
  return html`<section id="charts" aria-labelledby="charts-title">
<h2 id="charts-title">Charts</h2>
<ul class="keys">${keys}</ul>
<div class="charts">
${qualityBars(contestants)}
${speedScatter(contestants, ranking)}
${histograms(contestants, {
  id: 'chart-scores',
  title: `${label}, row by row`,
  caption: `How many rows have which ${label}. The upright line is the median. Each candidate is drawn to its own height.`,
  metric: ranking,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
})}
${histograms(contestants, {
  id: 'chart-lengths',
  title: 'Length of the summaries',
  caption: 'How many rows have summaries of so many words. The longest one in a hundred are counted at the right end.',
  metric: 'words',
  ticks: axisTicks(usualLength(contestants, texts.length)),
})}
</div>
</section>
`;
}

/** What 99 of 100 summaries do not exceed: a single runaway shall not flatten the rest. */
function usualLength(contestants: readonly Contestant[], rows: number): number {
  const longest = contestants.map(({ candidate }) => {
    const lengths = Array.from({ length: rows }, (_, row) => scoreOf(candidate, row, 'words') ?? 0).sort(
      (a, b) => a - b,
    );
    return lengths[Math.ceil(lengths.length * 0.99) - 1] ?? 0;
  });
  return Math.max(...longest);
}

function rowSections(evaluation: Evaluation, contestants: readonly Contestant[]): RowSection[] {
  const { best, worst, different, failed } = chooseRows(evaluation);
  const { label } = METRIC_NAMES[evaluation.ranking];
  const first = `${contestants[0].letter} (${contestants[0].candidate.name})`;
  const sections: RowSection[] = [
    {
      id: 'best',
      title: `${counted(best.length, 'best row')}`,
      intro: `Highest ${label} of ${first}, the best first.`,
      rows: best,
    },
    {
      id: 'worst',
      title: `${counted(worst.length, 'worst row')}`,
      intro: `Lowest ${label} of ${first}, the worst first.`,
      rows: worst,
    },
    {
      id: 'different',
      title: `${counted(different.length, 'most different row')}`,
      intro: `The largest distance between the candidates' ${label}, the largest first.`,
      rows: different,
    },
    {
      id: 'failed',
      title: `${counted(failed.length, 'row')} without a summary`,
      intro: `No summary from one candidate at least${failed.length > ROWS_SHOWN ? `; the first ${ROWS_SHOWN} are shown` : ''}.`,
      rows: failed.slice(0, ROWS_SHOWN),
    },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function rowsIntro(sections: readonly RowSection[]): Html {
  if (sections.length === 0) return NOTHING;
  return html`<section id="rows" aria-labelledby="rows-title">
<h2 id="rows-title">Rows</h2>
<p class="intro">Rows are numbered from 0. In the summaries, <mark class="word">words with a dotted line</mark> do not stand in the source, and <mark class="fact">numbers, dates and codes in a frame</mark> are not stated by the source: they are probably wrong.</p>
<div class="controls" id="controls" hidden>
<label>Find in rows <input type="search" id="filter" autocomplete="off"></label>
<label><input type="checkbox" id="only-facts"> only with numbers, dates or codes that the source does not state</label>
<button type="button" id="fold">Open all sources</button>
<span id="shown" role="status"></span>
</div>
</section>`;
}
