import type { Estimate, Metric } from '../../types.js';
import type { Contestant } from '../contestants.js';
import { type Html, html } from '../html.js';
import { METRIC_NAMES, metricValue } from '../metricNames.js';
import { axis, figure, label, WIDTH } from './figure.js';

const LEFT = 26;
const RIGHT = WIDTH - 46;
const BAR = 16;
const GAP = 4;
const HEADING = 22;
const GROUP_GAP = 14;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** What says how good a candidate is, as far as it was measured. */
const DRAWN: readonly Metric[] = ['rouge1', 'rouge2', 'rougeL', 'rougeLsum', 'judge', 'faithful', 'faithfulNames'];

export function qualityBars(contestants: readonly Contestant[]): Html {
  const metrics = DRAWN.filter((metric) => contestants.some(({ candidate }) => candidate.estimates[metric]));
  const body: Html[] = [];
  const said: string[] = [];
  let y = 0;
  for (const metric of metrics) {
    const name = METRIC_NAMES[metric].label;
    body.push(label(name, 0, y + 14, 'label'));
    y += HEADING;
    for (const contestant of contestants) {
      const estimate = contestant.candidate.estimates[metric];
      body.push(label(contestant.letter, 0, y + BAR - 4, 'note'));
      if (estimate) {
        body.push(bar(contestant, estimate, metric, y));
        said.push(`${name}, ${contestant.letter}: ${inWords(metric, estimate)}.`);
      } else body.push(label('no value', LEFT + 4, y + BAR - 4, 'note'));
      y += BAR + GAP;
    }
    y += GROUP_GAP;
  }
  const bottom = y - GROUP_GAP + 2;
  return figure({
    id: 'chart-quality',
    title: 'Quality',
    caption: 'Bars: means over all rows, higher is better. Thin lines: the 95% interval of the mean.',
    description: said.join(' '),
    height: bottom + 22,
    body: [...axis(TICKS, place, 0, bottom), ...body],
  });
}

function bar({ series, letter, candidate }: Contestant, estimate: Estimate, metric: Metric, y: number): Html {
  const { mean, low, high } = estimate;
  const middle = y + BAR / 2;
  return html`<g><title>${letter} ${candidate.name}: ${inWords(metric, estimate)}</title>
<rect class="${series}" x="${LEFT}" y="${y}" width="${Math.max(1, place(mean) - LEFT)}" height="${BAR}" rx="2"/>
<path class="whisker" d="M${place(low)} ${middle}H${place(high)}M${place(low)} ${middle - 4}v8M${place(high)} ${middle - 4}v8"/>
${label(metricValue(metric, mean), WIDTH, y + BAR - 4, 'value', 'end')}</g>`;
}

function inWords(metric: Metric, { mean, low, high }: Estimate): string {
  return `${metricValue(metric, mean)} (${metricValue(metric, low)} to ${metricValue(metric, high)})`;
}

function place(share: number): number {
  return LEFT + (RIGHT - LEFT) * share;
}
