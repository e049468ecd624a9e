import { MOST_SERIES } from '../../chart/colours.js';
import { escaped } from '../../chart/escaped.js';
import { axisTicks, shortNumber } from '../../chart/scale.js';
import { element, textWidth, wrapText } from './svg.js';
import { STYLE } from './theme.js';

export interface Bar {
  /** Said in full when the pointer rests on the bar. */
  readonly label: string;
  /** Index into the names of the series. */
  readonly series: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface BarChart {
  readonly title: string;
  readonly notes: readonly string[];
  readonly axis: string;
  /** One name and colour each; of a single series no legend is drawn. */
  readonly series: readonly string[];
  readonly groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[];
}

const WIDTH = 860;
const MARGIN = 28;
const BAR = 20;
const BAR_GAP = 4;
const GROUP_GAP = 16;
const TITLE_SIZE = 19;
const NOTE_SIZE = 12;
const LABEL_SIZE = 13;
/** Room for a value behind the longest bar. */
const VALUE_ROOM = 58;

/** Bars that lie, so that the names of any number of settings can be read, with a line from the least to the most. */
export function barChart({ title, notes, axis, series, groups }: BarChart): string {
  const labels = Math.max(...groups.map(({ name }) => textWidth(name, LABEL_SIZE)));
  const left = MARGIN + Math.min(labels, WIDTH / 2) + 12;
  const right = WIDTH - MARGIN - VALUE_ROOM;
  const ticks = axisTicks(Math.max(...groups.flatMap(({ bars }) => bars.map((bar) => bar.high))));
  const x = (value: number) => left + ((right - left) * value) / ticks.at(-1)!;

  const heading = drawHeading(title, notes, series);
  let y = heading.bottom + GROUP_GAP;
  const top = y - 6;
  const drawn: string[] = [];
  for (const { name, bars } of groups) {
    const height = bars.length * (BAR + BAR_GAP) - BAR_GAP;
    drawn.push(text(name, left - 12, y + height / 2 + 4.5, { class: 'label', 'text-anchor': 'end' }));
    bars.forEach((bar, i) => {
      drawn.push(drawBar(bar, y + i * (BAR + BAR_GAP), x));
    });
    y += height + GROUP_GAP;
  }
  const bottom = y - GROUP_GAP + 6;
  const height = bottom + 62;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    element('title', {}, escaped(title)),
    element('style', {}, STYLE),
    element('rect', { class: 'page', width: WIDTH, height }),
    ...heading.drawn,
    ...ticks.flatMap((tick) => drawTick(tick, x(tick), top, bottom)),
    ...drawn,
    text(axis, (left + right) / 2, bottom + 44, { class: 'note', 'text-anchor': 'middle' }),
    '</svg>\n',
  ].join('\n');
}

function drawHeading(title: string, notes: readonly string[], series: readonly string[]) {
  let y = MARGIN + TITLE_SIZE / 2;
  const drawn = wrapText(title, TITLE_SIZE, WIDTH - 2 * MARGIN).map((line, i) => {
    if (i > 0) y += TITLE_SIZE + 5;
    return text(line, MARGIN, y, { class: 'title' });
  });
  y += 4;
  for (const line of notes.flatMap((note) => wrapText(note, NOTE_SIZE, WIDTH - 2 * MARGIN))) {
    y += NOTE_SIZE + 5;
    drawn.push(text(line, MARGIN, y, { class: 'note' }));
  }
  if (series.length > 1) {
    y += 30;
    let x = MARGIN;
    series.forEach((name, i) => {
      drawn.push(element('rect', { class: colour(i), x, y: y - 11, width: 13, height: 13, rx: 2 }));
      drawn.push(text(name, x + 20, y, { class: 'label' }));
      x += 20 + textWidth(name, LABEL_SIZE) + 24;
    });
  }
  return { drawn, bottom: y };
}

function drawBar({ label, series, value, low, high }: Bar, y: number, x: (value: number) => number): string {
  const middle = y + BAR / 2;
  const said = `${label}: ${shortNumber(value)} (${shortNumber(low)} to ${shortNumber(high)})`;
  const whisker = `M${place(x(low))} ${middle}H${place(x(high))}M${place(x(low))} ${middle - 5}v10M${place(x(high))} ${middle - 5}v10`;
  return element(
    'g',
    {},
    element('title', {}, escaped(said)),
    element('rect', { class: colour(series), x: x(0), y, width: Math.max(1, x(value) - x(0)), height: BAR, rx: 2 }),
    ...(high > low ? [element('path', { class: 'whisker', d: whisker })] : []),
    text(shortNumber(value), x(high) + 8, middle + 4.5, { class: 'value' }),
  );
}

function drawTick(tick: number, x: number, top: number, bottom: number): string[] {
  const line = element('path', { class: tick === 0 ? 'axis' : 'grid', d: `M${place(x)} ${top}V${bottom}` });
  return [line, text(tick.toLocaleString('en'), x, bottom + 19, { class: 'note', 'text-anchor': 'middle' })];
}

function text(content: string, x: number, y: number, attributes: Readonly<Record<string, string>>): string {
  return element('text', { x, y, ...attributes }, escaped(content));
}

function colour(series: number): string {
  return `series${series % MOST_SERIES}`;
}

function place(value: number): string {
  return String(Number(value.toFixed(2)));
}
