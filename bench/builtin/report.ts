import { type Machine, machineText } from '../../src/measure/machine.js';
import { markdownTable } from '../../src/measure/markdown.js';
import { range } from '../tables/numbers.js';
import type { SearchResult } from './contest.js';
import type { Fp32Check } from './fp32.js';
import type { RefillResult } from './refill.js';

/** Everything a run measured; the JSON file is this. */
export interface Report {
  readonly machine: Machine;
  readonly commit: string;
  readonly versions: readonly string[];
  readonly workload: {
    readonly model: string;
    readonly parameters: number;
    readonly documents: number;
    readonly meanTokens: number;
    readonly newTokens: number;
    readonly repetitions: number;
  };
  searches: SearchResult[];
  refill: RefillResult[];
  fp32: Fp32Check[];
}

export function markdown(report: Report): string {
  const tables = report.searches.map((search) => `${named(search.beams)}:\n\n${sideTable(search)}`);
  return `${[head(report), ...tables, refillTable(report.refill), fp32Line(report.fp32)].join('\n\n')}\n`;
}

function head({ machine, commit, versions, workload }: Report): string {
  const { model, parameters, documents, meanTokens, newTokens, repetitions } = workload;
  return [
    `${machine.date}, commit ${commit}. ${machineText(machine)}. ${versions.join(', ')}.`,
    `${model}, ${(parameters / 1e6).toFixed(1)} M parameters: ${documents} held-out documents of ${meanTokens.toFixed(0)} tokens on average, at most ${newTokens} new tokens, ${repetitions} repetitions in turn: median (least to most).`,
  ].join('\n');
}

function sideTable({ sides }: SearchResult): string {
  const rows = sides.map(({ name, settings, rowsPerSecond, engineRatio, commandRatio, same }) => [
    name,
    settings,
    range(rowsPerSecond, 2),
    range(commandRatio, 2),
    range(engineRatio, 2),
    percent(same),
  ]);
  const columns = ['side', 'settings', 'rows/s', 'the command over it', 'our engine over it', "texts as our engine's"];
  return markdownTable(columns, rows);
}

function refillTable(results: readonly RefillResult[]): string {
  const rows = results.map(({ beams, documents, rowsPerSecond, gain, rowsAStep }) => [
    `${named(beams)}, ${documents} documents`,
    range(rowsPerSecond.refilled, 2),
    range(rowsPerSecond.batches, 2),
    range(gain, 2),
    rowsAStep.refilled.toFixed(1),
    rowsAStep.batches.toFixed(1),
  ]);
  const columns = ['our engine', 'rows/s with refill', 'without', 'gain', 'decoder rows a step with', 'without'];
  return markdownTable(columns, rows);
}

function fp32Line(checks: readonly Fp32Check[]): string {
  const shares = checks.map(
    ({ peer, beams, documents, same }) =>
      `${peer} ${named(beams).toLowerCase()} ${percent(same)} of ${documents} documents`,
  );
  return `Texts equal to ours in fp32: ${shares.join('; ')}.`;
}

const named = (beams: number) => (beams === 1 ? 'Greedy' : `${beams} beams`);
const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
