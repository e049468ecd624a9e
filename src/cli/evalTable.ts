import type { WrittenSheet } from '../evaluate/rating/types.js';
import type { Candidate, Evaluation, Metric } from '../evaluate/types.js';
import type { Written } from './evalOutputs.js';
import { count, rate } from './progress.js';

/** Names that are longer lose their beginning: of a path the end tells most. */
const MOST_NAME = 26;
/** Up to this width columns stand further apart. */
const ROOMY = 140;

interface Column {
  readonly title: string;
  cell(candidate: Candidate): string;
  /** What is compared for the mark of the best; null where there is nothing. */
  value?(candidate: Candidate): number | null;
  readonly better?: 'more' | 'less';
}

const METRIC_COLUMNS: readonly (readonly [Metric, string, Column['better']?])[] = [
  ['rouge1', 'R-1', 'more'],
  ['rouge2', 'R-2', 'more'],
  ['rougeL', 'R-L', 'more'],
  ['rougeLsum', 'R-Lsum', 'more'],
  ['faithful', 'faithful', 'more'],
  ['faithfulNames', 'names', 'more'],
  // More or less of these is not better by itself.
  ['copied', 'copied'],
  ['novelty', 'novelty'],
  ['repeated', 'repeated', 'less'],
  ['words', 'words'],
  ['judge', 'judge', 'more'],
];

const SHORT: Readonly<Partial<Record<Metric, string>>> = { rougeL: 'R-L', faithful: 'faithful', judge: 'judge' };

/** One table, candidates as rows, and below it what its marks mean and what was not scored. At most 160 columns wide. */
export function evaluationTable(evaluation: Evaluation, { out, report, sheet }: Written): string {
  const { candidates } = evaluation;
  const columns = [...metricColumns(evaluation), ...costColumns(candidates)];
  const lines = [['candidate', ...columns.map(({ title }) => title)]];
  const bests = columns.map((column) => bestOf(column, candidates));
  for (const [row, candidate] of candidates.entries()) {
    const cells = columns.map((column, i) => `${bests[i].has(row) ? '>' : ''}${column.cell(candidate)}`);
    lines.push([shortName(candidate.name, candidates), ...cells]);
  }
  const text = [...aligned(lines), '', ...legend(evaluation), ...notScored(evaluation)];
  if (out !== null) text.push(`scores      ${out}`);
  if (report !== null) text.push(`report      ${report}`);
  if (sheet) text.push(...sheetLines(sheet));
  return `${text.join('\n')}\n`;
}

function sheetLines({ file, keyFile, pairs, identical, cut }: WrittenSheet): string[] {
  const pairCount = (number: number) => (number === 1 ? '1 pair' : `${count(number)} pairs`);
  const lines = [
    `sheet       ${file}: ${pairCount(pairs)} to rate with 1, 2 or = in the column better; then precis eval --rated ${file}`,
    `its key     ${keyFile}: tells which is which, and is not for the eyes of who rates`,
  ];
  if (identical > 0) lines.push(`identical   ${pairCount(identical)} of the same words were not drawn`);
  if (cut > 0) lines.push(`cut         ${count(cut)} texts were longer than a cell of a spreadsheet holds`);
  return lines;
}

function metricColumns({ candidates, ranking }: Evaluation): Column[] {
  return METRIC_COLUMNS.flatMap(([metric, title, better]) => {
    if (!candidates.some(({ estimates }) => estimates[metric])) return [];
    const means: Column = {
      title,
      better,
      value: ({ estimates }) => estimates[metric]?.mean ?? null,
      cell: ({ estimates, differences }) =>
        `${figure(estimates[metric]?.mean, metric)}${stars(differences?.[metric]?.p).padEnd(2)}`,
    };
    if (metric !== ranking) return [means];
    const interval = ({ estimates }: Candidate) => {
      const estimate = estimates[metric];
      return estimate ? `${figure(estimate.low, metric)}-${figure(estimate.high, metric)}` : '-';
    };
    return [means, { title: '95%', cell: interval }];
  });
}

function costColumns(candidates: readonly Candidate[]): Column[] {
  const shown = (value: number | null | undefined, text: (value: number) => string) =>
    value === null || value === undefined ? '-' : text(value);
  if (!candidates.some(({ cost }) => cost)) return [];
  const columns: Column[] = [
    {
      title: 'rows/s',
      better: 'more',
      value: ({ cost }) => cost?.rowsPerSecond ?? null,
      cell: ({ cost }) => shown(cost?.rowsPerSecond, shortRate),
    },
    { title: 'tok in', cell: ({ cost }) => shown(cost?.inputTokens, short) },
    { title: 'tok out', cell: ({ cost }) => shown(cost?.outputTokens, short) },
  ];
  if (!candidates.some(({ cost }) => cost?.price != null)) return columns;
  const price: Column = {
    title: 'cost',
    better: 'less',
    value: ({ cost }) => cost?.price ?? null,
    cell: ({ cost }) => shown(cost?.price, (value) => (value === 0 ? '0' : String(Number(value.toPrecision(3))))),
  };
  return [...columns, price];
}

/** The rows that hold the best value; none where all are equal, or only one has any. */
function bestOf({ value, better }: Column, candidates: readonly Candidate[]): Set<number> {
  if (!value || !better) return new Set();
  const values = candidates.map(value);
  const present = values.filter((one) => one !== null);
  const best = better === 'more' ? Math.max(...present) : Math.min(...present);
  const rows = [...values.keys()].filter((row) => values[row] === best);
  return new Set(present.length < 2 || rows.length === candidates.length ? [] : rows);
}

function legend({ candidates, ranking, texts, input, textColumn, referenceColumn }: Evaluation): string[] {
  const references = texts.filter(({ reference }) => reference !== null).length;
  const against = referenceColumn === null ? '' : `, ${count(references)} with a reference (${referenceColumn})`;
  const rows = `rows        ${rowCount(texts.length)} of ${input} (${textColumn})${against}`;
  if (!candidates.some(({ estimates }) => estimates.words)) {
    return [rows, 'not scored  no row has both a text and a summary'];
  }
  const marks = [`95%: of ${SHORT[ranking]}, by the bootstrap`, '>: best of the column'];
  const first = candidates[0];
  if (candidates.length > 1) {
    marks.push(`* p < 0.05, ** p < 0.01: differs from ${shortName(first.name, candidates)}, row by row`);
  }
  return [rows, `marks       ${marks.join('; ')}`];
}

/** Means are of the rows that have a score: whoever fails on the hard ones would look well. */
function notScored({ candidates, texts }: Evaluation): string[] {
  const nulls = texts.filter(({ source }) => source === null).length;
  const lines = nulls === 0 ? [] : [`nulls       ${rowCount(nulls)} without a text, not scored`];
  for (const { name, rows } of candidates) {
    const failures = rows.filter(({ error }) => error !== null);
    if (failures.length === 0) continue;
    const [{ row, error }] = failures;
    const one = failures.length === 1 ? '' : 'the first: ';
    lines.push(`failed      ${name}: ${rowCount(failures.length)}, not scored; ${one}row ${row + 1}: ${error}`);
  }
  return lines;
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const roomy = widths.reduce((sum, width) => sum + width + 2, -2);
  return lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join(roomy <= ROOMY ? '  ' : ' ')
      .trimEnd(),
  );
}

/** `.412`, `1.00`; words have one decimal. */
function figure(value: number | undefined, metric: Metric): string {
  if (value === undefined) return '-';
  if (metric === 'words') return value < 1000 ? value.toFixed(1) : short(Math.round(value));
  const text = value.toFixed(3);
  return text.startsWith('0') ? text.slice(1) : value.toFixed(2);
}

function stars(p: number | undefined): string {
  if (p === undefined || p >= 0.05) return '';
  return p < 0.01 ? '**' : '*';
}

function short(value: number): string {
  if (value < 1e5) return count(value);
  return value < 1e6 ? `${(value / 1e3).toFixed(0)}k` : `${(value / 1e6).toPrecision(3)}M`;
}

function shortRate(value: number): string {
  return value < 1e5 ? rate(value) : short(value);
}

function shortName(name: string, candidates: readonly Candidate[]): string {
  if (name.length <= MOST_NAME) return name;
  const cut = (long: string) => (long.length <= MOST_NAME ? long : `...${long.slice(3 - MOST_NAME)}`);
  const isClear = candidates.filter((other) => cut(other.name) === cut(name)).length === 1;
  return isClear ? cut(name) : name;
}

function rowCount(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}
