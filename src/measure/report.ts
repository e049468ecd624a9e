import { COLUMNS, shownTable } from './columns.js';
import { markdownTable } from './markdown.js';
import type { Summary } from './summary.js';

export const REPORT_FORMATS = ['table', 'csv', 'json', 'jsonl', 'md'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface Report {
  /** The model, without the folders that it lies in. */
  readonly name: string;
  /** What was done and where, one line each. */
  readonly workload: string;
  readonly machine: string;
  /** The same and more for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly summaries: readonly Summary[];
}

const READING = 'Speeds are medians (least to most); prefill and decode are milliseconds a document and worker.';

const WRITERS: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  table: plainTable,
  csv: ({ summaries }) => lines([COLUMNS.map(({ name }) => name), ...summaries.map(values)].map(csvRecord)),
  json: (report) => lines([JSON.stringify({ ...report.facts, settings: report.summaries.map(record) })]),
  jsonl: ({ summaries }) => lines(summaries.map((summary) => JSON.stringify(record(summary)))),
  md: markdown,
};

export function writeReport(report: Report, format: ReportFormat): string {
  return WRITERS[format](report);
}

function plainTable(report: Report): string {
  const { head, rows } = shownTable(report.summaries);
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padStart(widths[i]))
      .join('  ')
      .trimEnd();
  return lines([...headLines(report), '', line(head), ...rows.map(line)]);
}

function markdown(report: Report): string {
  const { head, rows } = shownTable(report.summaries);
  return lines([...headLines(report).flatMap((line) => [line, '']), markdownTable(head, rows)]);
}

function headLines({ name, workload, machine }: Report): string[] {
  return [`${name}: ${workload}`, machine, READING];
}

function values(summary: Summary): (string | number | null)[] {
  return COLUMNS.map(({ value }) => value(summary));
}

function record(summary: Summary): Record<string, unknown> {
  return Object.fromEntries(COLUMNS.map(({ name, value }) => [name, value(summary)]));
}

function csvRecord(cells: readonly (string | number | null)[]): string {
  return cells
    .map((cell) => (typeof cell === 'string' && /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : (cell ?? '')))
    .join(',');
}

function lines(of: readonly string[]): string {
  return of.map((line) => `${line}\n`).join('');
}
