import { addPhases, type Phases } from '../src/measure/phases.js';
import { type ProcessMemory, processMemory } from '../src/measure/processMemory.js';
import { ratios, type Spread, spread } from '../src/measure/statistics.js';
import { open } from './contest.js';
import { type ContestContext, oursCandidate } from './contests.js';
import type { OursAnswer } from './ours.js';
import type { Team } from './team.js';
import { say } from './tool.js';

export interface Mode {
  readonly name: string;
  readonly precision: 'int8' | 'fp32';
  readonly beams: number;
}

export const MODES: readonly Mode[] = [
  { name: 'int8 greedy', precision: 'int8', beams: 1 },
  { name: 'int8 beam 4', precision: 'int8', beams: 4 },
  { name: 'fp32 greedy', precision: 'fp32', beams: 1 },
];

/** Our side alone, with some number of workers in one process. */
export interface WorkersResult {
  readonly workers: number;
  readonly documentsPerSecond: Spread;
  /** Summed over the workers and all repetitions. */
  readonly phases: Phases;
  readonly memory: ProcessMemory;
}

export interface ScalingResult {
  readonly mode: string;
  readonly results: readonly WorkersResult[];
  /** Documents a second of two workers over one. */
  readonly scaling: Spread;
}

const WORKERS = [1, 2] as const;

/** One worker and two, alternating, each in a process of its own. */
export async function measureScaling(
  mode: Mode,
  context: ContestContext,
  documents: readonly number[][],
  repetitions: number,
): Promise<ScalingResult> {
  say(`${mode.name}: 1 worker and 2 workers`);
  const teams: Team[] = [];
  const speeds: number[][] = WORKERS.map(() => []);
  const phases: Phases[][] = WORKERS.map(() => []);
  try {
    for (const workers of WORKERS) teams.push(await open(oursCandidate(context, mode, workers), documents));
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [i, team] of teams.entries()) {
        const { seconds, answers } = await team.run<OursAnswer>();
        speeds[i].push(documents.length / seconds);
        phases[i].push(answers[0].phases);
      }
    }
    const results = WORKERS.map((workers, i) => ({
      workers,
      documentsPerSecond: spread(speeds[i]),
      phases: addPhases(phases[i]),
      memory: processMemory(teams[i].pids[0]),
    }));
    return { mode: mode.name, results, scaling: spread(ratios(speeds[1], speeds[0])) };
  } finally {
    for (const team of teams) await team.close();
  }
}
