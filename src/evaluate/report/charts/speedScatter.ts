import { axisTicks, shortNumber } from '../../../chart/scale.js';
import type { Cost, Estimate, Metric } from '../../types.js';
import type { Contestant } from '../contestants.js';
import { type Html, html, NOTHING } from '../html.js';
import { METRIC_NAMES, metricValue } from '../metricNames.js';
import { figure, label, WIDTH } from './figure.js';

const LEFT = 40;
const RIGHT = WIDTH - 22;
const TOP = 14;
const BOTTOM = 236;
/** Speeds that are further apart than this are drawn by their orders of magnitude. */
const LOGARITHMIC_FROM = 20;

interface Point {
  readonly contestant: Contestant;
  readonly speed: number;
  readonly estimate: Estimate;
}

/** Nothing where fewer than two candidates have run here: a single point compares with nothing. */
export function speedScatter(contestants: readonly Contestant[], metric: Metric): Html {
  const points = contestants.flatMap((contestant) => pointOf(contestant, metric));
  if (points.length < 2) return NOTHING;
  const { ticks, x } = speedAxis(points.map(({ speed }) => speed));
  const levels = axisTicks(Math.max(...points.map(({ estimate }) => estimate.high)));
  const y = (value: number) => BOTTOM - ((BOTTOM - TOP) * value) / levels.at(-1)!;
  const name = METRIC_NAMES[metric].label;
  return figure({
    id: 'chart-speed',
    title: 'Quality against speed',
    caption: `Up is better, right is faster. Thin lines: the 95% interval of ${name}. Speeds hold for this machine and this run.`,
    description: points.map((point) => `${said(point, metric)}.`).join(' '),
    height: BOTTOM + 46,
    body: [
      ...levels.flatMap((level) => [
        html`<path class="grid" d="M${LEFT} ${y(level)}H${RIGHT}"/>`,
        label(level.toLocaleString('en'), LEFT - 6, y(level) + 4, 'note', 'end'),
      ]),
      ...ticks.flatMap((tick) => [
        html`<path class="grid" d="M${x(tick)} ${TOP}V${BOTTOM}"/>`,
        label(tick.toLocaleString('en'), x(tick), BOTTOM + 16, 'note', 'middle'),
      ]),
      ...points.map((point) => mark(point, x(point.speed), y, metric)),
      label('rows a second', (LEFT + RIGHT) / 2, BOTTOM + 38, 'note', 'middle'),
    ],
  });
}

function pointOf(contestant: Contestant, metric: Metric): Point[] {
  const { cost, estimates } = contestant.candidate;
  const estimate = estimates[metric];
  return cost && estimate && isDrawable(cost) ? [{ contestant, speed: cost.rowsPerSecond, estimate }] : [];
}

function isDrawable({ rowsPerSecond }: Cost): boolean {
  return Number.isFinite(rowsPerSecond) && rowsPerSecond > 0;
}

function speedAxis(speeds: readonly number[]): { ticks: readonly number[]; x: (speed: number) => number } {
  const least = Math.min(...speeds);
  const most = Math.max(...speeds);
  if (most / least < LOGARITHMIC_FROM) {
    const ticks = axisTicks(most);
    return { ticks, x: (speed) => LEFT + ((RIGHT - LEFT) * speed) / ticks.at(-1)! };
  }
  const from = Math.floor(Math.log10(least));
  const to = Math.ceil(Math.log10(most));
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  return { ticks, x: (speed) => LEFT + ((RIGHT - LEFT) * (Math.log10(speed) - from)) / (to - from) };
}

function mark(point: Point, x: number, y: (value: number) => number, metric: Metric): Html {
  const { contestant, estimate } = point;
  const { low, high, mean } = estimate;
  return html`<g><title>${said(point, metric)}</title>
<path class="whisker" d="M${x} ${y(low)}V${y(high)}M${x - 4} ${y(low)}h8M${x - 4} ${y(high)}h8"/>
<circle class="${contestant.series} point" cx="${x}" cy="${y(mean)}" r="10"/>
${label(contestant.letter, x, y(mean) + 4.5, 'value', 'middle')}</g>`;
}

function said({ contestant, speed, estimate }: Point, metric: Metric): string {
  return `${contestant.letter} ${contestant.candidate.name}: ${METRIC_NAMES[metric].label} ${metricValue(metric, estimate.mean)} at ${shortNumber(speed)} rows a second`;
}
