import type { Metric } from '../../types.js';
import type { Contestant } from '../contestants.js';
import { scoreOf } from '../contestants.js';
import { type Html, html } from '../html.js';
import { rowValue } from '../metricNames.js';
import { counted } from '../shortened.js';
import { axis, figure, label, WIDTH } from './figure.js';

export interface HistogramsOptions {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly metric: Metric;
  /** Ascending from the left end to the right one; what lies beyond is counted at the end. */
  readonly ticks: readonly number[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const LEFT = 26;
const RIGHT = WIDTH - 16;
const HEIGHT = 48;
/** Above each row of columns, for what the line of the median says. */
const HEADROOM = 24;
const COLUMNS = 40;

/** One row of columns for each candidate, over the same axis; each to its own height, so that a steep one does not flatten the rest. */
export function histograms(contestants: readonly Contestant[], options: HistogramsOptions): Html {
  const { id, title, caption, metric, ticks } = options;
  const span = { from: ticks[0], to: ticks.at(-1)! };
  const rows = contestants.map((contestant, i) => histogram(contestant, metric, span, (i + 1) * (HEADROOM + HEIGHT)));
  const bottom = rows.length * (HEADROOM + HEIGHT);
  return figure({
    id,
    title,
    caption,
    description: rows.map(({ said }) => said).join(' '),
    height: bottom + 22,
    body: [...axis(ticks, (tick) => place(tick, span), HEADROOM - 6, bottom), ...rows.flatMap(({ drawn }) => drawn)],
  });
}

function histogram(
  contestant: Contestant,
  metric: Metric,
  span: Span,
  bottom: number,
): { drawn: Html[]; said: string } {
  const { letter, series } = contestant;
  const values = sortedValues(contestant, metric);
  const name = label(letter, 0, bottom - 4, 'label');
  if (values.length === 0) {
    return { drawn: [name, label('no values', LEFT + 4, bottom - 4, 'note')], said: `${letter}: no values.` };
  }
  const counts = countsOf(values, span);
  const most = Math.max(...counts);
  const heights = counts.map((count) => (HEIGHT * count) / most);
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => rowValue(metric, quantile(values, share)));
  const x = place(quantile(values, 0.5), span);
  const anchor = x > (LEFT + RIGHT) / 2 ? 'end' : 'start';
  const drawn = [
    name,
    html`<path class="${series}" d="${columns(heights, bottom)}"/>`,
    html`<path class="axis" d="M${LEFT} ${bottom}H${RIGHT}"/>`,
    html`<path class="median" d="M${x} ${bottom}v${-HEIGHT - 12}"/>`,
    label(`median ${median}`, x + (anchor === 'end' ? -4 : 4), bottom - HEIGHT - 4, 'value', anchor),
  ];
  const rows = counted(values.length, 'row');
  return { drawn, said: `${letter}: median ${median}, half of the rows from ${lower} to ${upper}, ${rows}.` };
}

function sortedValues({ candidate }: Contestant, metric: Metric): number[] {
  return candidate.rows
    .map((_, row) => scoreOf(candidate, row, metric))
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
}

function countsOf(values: readonly number[], span: Span): number[] {
  const counts = new Array<number>(COLUMNS).fill(0);
  for (const value of values) counts[Math.min(COLUMNS - 1, Math.floor(COLUMNS * along(value, span)))]++;
  return counts;
}

function columns(heights: readonly number[], bottom: number): string {
  const width = (RIGHT - LEFT) / COLUMNS;
  return heights
    .map((height, i) =>
      height > 0
        ? `M${(LEFT + i * width).toFixed(1)} ${bottom}v${(-height).toFixed(1)}h${(width - 1).toFixed(1)}V${bottom}z`
        : '',
    )
    .join('');
}

/** The value that this share of the rows does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

function place(value: number, span: Span): number {
  return LEFT + (RIGHT - LEFT) * along(value, span);
}

/** From 0 at the left end to 1 at the right one. */
function along(value: number, { from, to }: Span): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
