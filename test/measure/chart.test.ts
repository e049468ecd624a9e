import { describe, expect, it } from 'vitest';
import { axisTicks, shortNumber } from '../../src/chart/scale.js';
import { element } from '../../src/measure/chart/svg.js';
import { plot } from '../../src/measure/plot.js';
import type { Sweep } from '../../src/measure/settings.js';
import { describePython, runPython } from '../python.js';
import { reportOf, run, SWEEP } from './summaries.js';

describe('the axis', () => {
  it.each([
    { most: 18.4, ticks: [0, 5, 10, 15, 20] },
    { most: 20, ticks: [0, 5, 10, 15, 20] },
    { most: 0.31, ticks: [0, 0.1, 0.2, 0.3, 0.4] },
    { most: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    { most: 636, ticks: [0, 200, 400, 600, 800] },
    { most: 0, ticks: [0, 1] },
  ])('reaches $most in round steps', ({ most, ticks }) => {
    expect(axisTicks(most)).toEqual(ticks);
  });

  it.each([
    [0.123, '0.12'],
    [9.999, '10.00'],
    [18.42, '18.4'],
    [20391.7, '20,392'],
  ])('shows %d as %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});

it('writes attributes and texts that XML can hold', () => {
  expect(element('a', { b: '<"&">\u0000', x: 1.23456 })).toBe('<a b="&lt;&quot;&amp;&quot;&gt;\ufffd" x="1.23"/>');
});

interface Parsed {
  readonly titles: string[];
  readonly texts: string[];
  /** Bars by their titles: left edge, width, class. */
  readonly bars: Record<string, [number, number, string]>;
  /** Right and bottom edges of all that is drawn, and those of the page. */
  readonly size: [number, number];
  readonly lowest: number;
}

/** Another parser's view of the chart; it refuses what is not well-formed. */
const PARSE = `
import json, sys, xml.etree.ElementTree as tree
name = lambda tag: '{http://www.w3.org/2000/svg}' + tag
root = tree.fromstring(sys.argv[1])
bars = {}
for group in root.iter(name('g')):
    rect = group.find(name('rect'))
    bars[group.find(name('title')).text] = [float(rect.get('x')), float(rect.get('width')), rect.get('class')]
texts = list(root.iter(name('text')))
print(json.dumps({
    'titles': [title.text for title in root.iter(name('title'))],
    'texts': [text.text for text in texts],
    'bars': bars,
    'size': [float(root.get('width')), float(root.get('height'))],
    'lowest': max(float(text.get('y')) for text in texts),
}))
`;

describePython('the chart, read by an XML parser', () => {
  const parse = (sweep: Sweep, runs: Parameters<typeof reportOf>[1]) =>
    JSON.parse(runPython(PARSE, [plot(reportOf(sweep, runs))])) as Parsed;

  it('has a bar for each setting, as long as its speed, in the colour of its precision', () => {
    const speeds = [2, 4, 1, 3, 8, 6, 5, 7];
    const runs = speeds.flatMap((speed, i) => {
      const precision = i % 4 < 2 ? 'int8' : 'fp32';
      return [0.5, 1, 2].map((slower) => run(i, (2 * slower) / speed, { precision }));
    });
    const { bars, texts, size, lowest } = parse(SWEEP, runs);
    const labels = ['cpu', 'a,"b"<&>'].flatMap((device) =>
      ['int8', 'fp32'].flatMap((precision) => ['1 worker', '2 workers'].map((w) => `${device}, ${precision}, ${w}`)),
    );
    const saying = labels.map((label, i) => {
      const [median, least, most] = [speeds[i], speeds[i] / 2, speeds[i] * 2].map(shortNumber);
      return `${label}: ${median} (${least} to ${most})`;
    });
    expect(new Set(Object.keys(bars))).toEqual(new Set(saying));
    const drawn = saying.map((title) => bars[title]);
    drawn.forEach(([left, width, colour], i) => {
      expect(left).toBe(drawn[0][0]);
      expect(width / drawn[0][1]).toBeCloseTo(speeds[i] / speeds[0], 2);
      expect(colour).toBe(i % 4 < 2 ? 'series0' : 'series1');
    });
    expect(texts).toEqual(expect.arrayContaining(['t5: documents per second by setting', 'int8', 'fp32']));
    expect(texts).toEqual(expect.arrayContaining(['cpu, 1 worker', 'a,"b"<&>, 2 workers', 'a <small> machine & more']));
    expect(lowest).toBeLessThan(size[1]);
  });

  it('needs no legend for a single part, and draws a single setting', () => {
    const one = parse({ ...SWEEP, device: ['cpu'], precision: ['int8'] }, [run(0, 1), run(1, 2)]);
    expect(one.texts).toEqual(expect.arrayContaining(['1 worker', '2 workers']));
    expect(one.texts).not.toContain('int8');
    const single = parse({ ...SWEEP, device: ['cpu'], precision: ['int8'], workers: [2] }, [run(0, 1)]);
    expect(single.titles).toContain('int8, 2 workers: 2.00 (2.00 to 2.00)');
    expect(single.texts).toContain('int8, 2 workers');
  });
});
