import type { Metric } from '../../types.js';
import type { Contestant } from '../contestants.js';
import { scoreOf } from '../contestants.js';
import { type Html, html } from '../html.js';
import { rowValue } from '../metricNames.js';
import { axis, figure, label, WIDTH } from './figure.js';

export interface HistogramsOptions {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly metric: Metric;
  /** Ascending from the left end to the right one; what lies beyond is counted at the end. */
  readonly ticks: readonly number[];
}

const LEFT = 26;
const RIGHT = WIDTH - 10;
const HEIGHT = 56;
/** Above each row of columns, for what the line of the median says. */
const HEADROOM = 20;
const COLUMNS = 40;

/** One row of columns for each candidate, over the same axis and to the same scale. */
export function histograms(contestants: readonly Contestant[], options: HistogramsOptions): Html {
  const { id, title, caption, metric, ticks } = options;
  const range = { from: ticks[0], to: ticks.at(-1)! };
  const x = (value: number) => LEFT + ((RIGHT - LEFT) * (clamped(value, range) - range.from)) / (range.to - range.from);
  const drawn = contestants.map((contestant) => {
    const values = sortedValues(contestant, metric);
    return { contestant, values, shares: sharesOf(values, range) };
  });
  const most = Math.max(...drawn.flatMap(({ shares }) => shares)) || 1;
  const body: Html[] = [];
  const said: string[] = [];
  drawn.forEach(({ contestant, values, shares }, i) => {
    const bottom = (i + 1) * (HEADROOM + HEIGHT);
    body.push(label(contestant.letter, 0, bottom - 4, 'label'));
    if (values.length === 0) {
      body.push(label('no values', LEFT + 4, bottom - 4, 'note'));
      return;
    }
    const heights = shares.map((share) => (HEIGHT * share) / most);
    body.push(html`<path class="${contestant.series}" d="${columns(heights, bottom)}"/>`);
    body.push(html`<path class="axis" d="M${LEFT} ${bottom}H${RIGHT}"/>`);
    const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
    body.push(html`<path class="median" d="M${x(median)} ${bottom}v${-HEIGHT - 4}"/>`);
    const anchor = x(median) > (LEFT + RIGHT) / 2 ? 'end' : 'start';
    const aside = anchor === 'end' ? -4 : 4;
    body.push(label(`median ${rowValue(metric, median)}`, x(median) + aside, bottom - HEIGHT + 2, 'value', anchor));
    said.push(
      `${contestant.letter}: median ${rowValue(metric, median)}, half of the rows from ${rowValue(metric, lower)} to ${rowValue(metric, upper)}, ${values.length} rows.`,
    );
  });
  const bottom = drawn.length * (HEADROOM + HEIGHT);
  return figure({
    id,
    title,
    caption,
    description: said.join(' '),
    height: bottom + 22,
    body: [...axis(ticks, x, HEADROOM - 6, bottom), ...body],
  });
}

function sortedValues({ candidate }: Contestant, metric: Metric): number[] {
  return candidate.rows
    .map((_, row) => scoreOf(candidate, row, metric))
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
}

function sharesOf(values: readonly number[], range: { from: number; to: number }): number[] {
  const shares = new Array<number>(COLUMNS).fill(0);
  for (const value of values) {
    const at = Math.floor((COLUMNS * (clamped(value, range) - range.from)) / (range.to - range.from));
    shares[Math.min(COLUMNS - 1, at)] += 1 / values.length;
  }
  return shares;
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
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

function clamped(value: number, { from, to }: { from: number; to: number }): number {
  return Math.min(to, Math.max(from, value));
}
