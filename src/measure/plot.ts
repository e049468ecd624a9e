import { MOST_SERIES } from '../chart/colours.js';
import { type BarChart, barChart } from './chart/barChart.js';
import type { Report } from './report.js';
import { labelOf, type Setting, varyingParts } from './settings.js';
import type { Summary } from './summary.js';

/** What tells most by a colour first. */
const COLOURED: readonly (keyof Setting)[] = ['precision', 'numBeams', 'device', 'workers', 'batchRows', 'threads'];

/** Throughput by setting as SVG. Of several parts that vary one is the colour, and the others together name a group of bars. */
export function plot(report: Report): string {
  const { summaries } = report;
  const varying = varyingParts(summaries.map(({ setting }) => setting));
  const coloured = varying.length < 2 ? undefined : COLOURED.find((part) => isFit(part, varying, summaries));
  const rest = varying.filter((part) => part !== coloured);
  const nameOf = (setting: Setting) => (coloured === undefined ? '' : labelOf(setting, [coloured]));
  const series = [...new Set(summaries.map(({ setting }) => nameOf(setting)))];
  const groups = new Map<string, BarChart['groups'][number]['bars'][number][]>();
  for (const { setting, label, documentsPerSecond: speed } of summaries) {
    const group = varying.length === 0 ? label : labelOf(setting, rest);
    const bar = {
      label,
      series: series.indexOf(nameOf(setting)),
      value: speed.median,
      low: speed.min,
      high: speed.max,
    };
    groups.set(group, [...(groups.get(group) ?? []), bar]);
  }
  return barChart({
    title: `${report.name}: documents per second by setting`,
    notes: [report.workload, report.machine],
    axis: 'documents per second: median, and the line from the least to the most',
    series,
    groups: [...groups].map(([name, bars]) => ({ name, bars })),
  });
}

function isFit(part: keyof Setting, varying: readonly (keyof Setting)[], summaries: readonly Summary[]): boolean {
  return varying.includes(part) && new Set(summaries.map(({ setting }) => setting[part])).size <= MOST_SERIES;
}
