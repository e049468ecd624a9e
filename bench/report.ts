import { type Machine, machineText } from '../src/measure/machine.js';
import { markdownTable } from '../src/measure/markdown.js';
import type { Operations } from '../src/measure/operations.js';
import type { Phases } from '../src/measure/phases.js';
import type { Spread } from '../src/measure/statistics.js';
import type { ContestResult } from './contest.js';
import type { ConversionTime } from './conversion.js';
import type { GemmRate } from './roofline.js';
import type { ScalingResult, WorkersResult } from './scaling.js';
import type { Tokenizing } from './tokenizing.js';

/** Everything a run measured; the JSON file is this. Parts that were not asked for are missing. */
export interface Report {
  readonly machine: Machine;
  readonly commit: string;
  readonly workload: { documents: number; meanTokens: number; newTokens: number; repetitions: number };
  /** By number of beams. */
  readonly operations: Readonly<Record<string, Operations>>;
  contests: ContestResult[];
  gemm?: { int8: GemmRate; fp32: GemmRate };
  scaling?: ScalingResult[];
  tokenizing?: Tokenizing;
  conversion?: ConversionTime[];
  startup?: Spread;
}

export function markdown(report: Report): string {
  const parts = [machineLine(report), contestTable(report.contests)];
  if (report.gemm) parts.push(gemmLine(report.gemm));
  if (report.scaling) parts.push(scalingTable(report, report.scaling), phaseTable(report.scaling));
  if (report.tokenizing) parts.push(tokenizingLine(report.tokenizing));
  for (const time of report.conversion ?? []) parts.push(conversionLine(time));
  if (report.startup) parts.push(`From process start to the end of one summary: ${range(report.startup, 2)} s.`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function machineLine({ machine, commit, workload }: Report): string {
  return [
    `${machine.date}, commit ${commit}. ${machineText(machine)}.`,
    `${workload.documents} documents of ${workload.meanTokens.toFixed(0)} tokens on average, ${workload.newTokens} new tokens, ${workload.repetitions} repetitions: median (least to most).`,
  ].join('\n');
}

function contestTable(contests: readonly ContestResult[]): string {
  if (contests.length === 0) return '';
  const rows = contests.map((row) => [
    row.id,
    range(row.ours, 2),
    row.peer,
    range(row.theirs, 2),
    row.peerSettings,
    range(row.ratio, 2),
    row.target === null ? '' : `${row.target}`,
    percent(row.same),
  ]);
  return markdownTable(
    ['row', 'precis, docs/s', 'peer', 'docs/s', "the peer's best settings", 'ratio', 'target', 'same ids'],
    rows,
  );
}

function gemmLine(gemm: { int8: GemmRate; fp32: GemmRate }): string {
  const line = (name: string, { oneCore, together }: GemmRate) =>
    `${name} ${giga(oneCore)} GOP/s on one core alone, ${giga(together)} on all side by side`;
  return `Bare products: ${line('int8', gemm.int8)}; ${line('fp32', gemm.fp32)}.`;
}

function scalingTable({ operations, gemm }: Report, scaling: readonly ScalingResult[]): string {
  const rows = scaling.map(({ mode, results: [one, two], scaling }) => {
    const { encoder, decoder } = operations[mode.includes('beam') ? '4' : '1'];
    const rate = gemm?.[mode.startsWith('int8') ? 'int8' : 'fp32'].together;
    const share = rate ? percent((two.documentsPerSecond.median * (encoder + decoder)) / rate) : '';
    return [
      mode,
      range(one.documentsPerSecond, 2),
      range(two.documentsPerSecond, 2),
      range(scaling, 2),
      ((encoder + decoder) / 1e9).toFixed(1),
      share,
      ...[one, two].flatMap(({ memory }) => [mebi(memory.peak), mebi(memory.proportional)]),
    ];
  });
  const memory = ['peak, 1 worker (MiB)', 'Pss, 1', 'peak, 2', 'Pss, 2'];
  return markdownTable(
    ['ours', '1 worker, docs/s', '2 workers', 'scaling', 'GOP a document', 'of the roofline', ...memory],
    rows,
  );
}

/** Core milliseconds a document; the columns of one and two workers beside each other show what slows down side by side. */
function phaseTable(scaling: readonly ScalingResult[]): string {
  const phases = ['encodeMs', 'decodeMs', 'copyMs', 'selectMs'] as const satisfies readonly (keyof Phases)[];
  const rows = scaling.flatMap(({ mode, results }) =>
    results.map(({ workers, phases: sums }: WorkersResult) => [
      `${mode}, ${workers}`,
      ...phases.map((phase) => (sums[phase] / sums.documents).toFixed(2)),
      (sums.decodeMs / sums.decoderSteps).toFixed(2),
      (sums.decoderRows / sums.decoderSteps).toFixed(1),
    ]),
  );
  const names = phases.map((phase) => phase.replace('Ms', ''));
  return markdownTable(['core ms a document, workers', ...names, 'ms a step', 'rows a step'], rows);
}

function tokenizingLine({ encodeMsPerDocument, decodeMsPerDocument }: Tokenizing): string {
  return `Tokenizing a document: ${encodeMsPerDocument.toFixed(2)} ms; the text of a summary: ${decodeMsPerDocument.toFixed(2)} ms.`;
}

function conversionLine({ precision, seconds, bytes, parameters, peakResident }: ConversionTime): string {
  return `Conversion to ${precision}: ${seconds.toFixed(2)} s, ${(parameters / 1e6).toFixed(1)} M parameters, ${mebi(bytes)} MiB written, at most ${mebi(peakResident)} MiB resident.`;
}

function range({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}

const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
const giga = (rate: number) => (rate / 1e9).toFixed(0);
const mebi = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
