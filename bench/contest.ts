import { ratios, type Spread, spread } from '../src/measure/statistics.js';
import type { Candidate, Candidates, Contest } from './contests.js';
import { sameOutputs } from './sameOutputs.js';
import { Team } from './team.js';
import { say } from './tool.js';

export interface ContestWork {
  readonly documents: readonly number[][];
  /** How many of them choose the peer's settings. */
  readonly tuningDocuments: number;
  readonly repetitions: number;
  readonly newTokens: number;
  /** By contest: the peer's settings that an earlier run chose, so that this one need not. */
  readonly chosen: ReadonlyMap<string, string>;
}

export interface Tried {
  readonly label: string;
  readonly documentsPerSecond: number;
}

export interface ContestResult {
  readonly id: string;
  readonly peer: string;
  readonly target: number | null;
  readonly peerSettings: string;
  readonly tried: readonly Tried[];
  /** Documents a second, and ours over the peer's, repetition by repetition. */
  readonly ours: Spread;
  readonly theirs: Spread;
  readonly ratio: Spread;
  /** The share of documents with the same ids on both sides: it tells that both do the same work, not who is right. */
  readonly same: number;
}

/** Documents that a side has seen before it is timed. */
const WARM_UP = 8;

export async function hold(contest: Contest, ours: Candidate, work: ContestWork): Promise<ContestResult> {
  const tried: Tried[] = [];
  const best = await choose(contest, work, tried);
  say(`${contest.id}: ${work.repetitions} repetitions against ${contest.peer} (${best.label})`);
  const sides = [await open(ours, work.documents), await open(best, work.documents)] as const;
  const speeds: [number[], number[]] = [[], []];
  let same = 0;
  try {
    for (let repetition = 0; repetition < work.repetitions; repetition++) {
      const outputs = [];
      for (const [i, side] of sides.entries()) {
        const result = await side.run();
        requireFullOutputs(result.outputs, work.newTokens, i === 0 ? 'precis' : contest.peer);
        speeds[i].push(work.documents.length / result.seconds);
        outputs.push(result.outputs);
      }
      same = sameOutputs(outputs[0], outputs[1]);
      say(`  ${speeds[0][repetition].toFixed(2)} against ${speeds[1][repetition].toFixed(2)} documents/s`);
    }
  } finally {
    for (const side of sides) await side.close();
  }
  return {
    id: contest.id,
    peer: contest.peer,
    target: contest.target,
    peerSettings: best.label,
    tried,
    ours: spread(speeds[0]),
    theirs: spread(speeds[1]),
    ratio: spread(ratios(speeds[0], speeds[1])),
    same,
  };
}

/** The peer's settings of an earlier run, or its fastest now. */
export async function choose(
  contest: Rivals,
  work: Pick<ContestWork, 'documents' | 'tuningDocuments' | 'chosen'>,
  tried: Tried[],
): Promise<Candidate> {
  return chosenBefore(contest, work.chosen.get(contest.id)) ?? (await tune(contest, work, tried));
}

type Rivals = Candidates & Pick<Contest, 'id' | 'peer'>;

function chosenBefore(contest: Rivals, label: string | undefined): Candidate | undefined {
  const all = contest.candidates.flatMap((candidate) => [candidate, ...(contest.refine?.(candidate) ?? [])]);
  return all.find((candidate) => candidate.label === label);
}

async function tune(
  contest: Rivals,
  work: Pick<ContestWork, 'documents' | 'tuningDocuments'>,
  tried: Tried[],
): Promise<Candidate> {
  say(`${contest.id}: choosing the settings of ${contest.peer}`);
  const documents = work.documents.slice(0, work.tuningDocuments);
  const first = await fastest(contest.candidates, documents, tried);
  const refined = contest.refine ? await fastest(contest.refine(first.candidate), documents, tried) : first;
  return refined.speed > first.speed ? refined.candidate : first.candidate;
}

async function fastest(candidates: readonly Candidate[], documents: readonly number[][], tried: Tried[]) {
  let best: { candidate: Candidate; speed: number } | null = null;
  for (const candidate of candidates) {
    const team = await open(candidate, documents);
    const { seconds } = await team.run();
    await team.close();
    const speed = documents.length / seconds;
    say(`  ${speed.toFixed(2)} documents/s: ${candidate.label}`);
    tried.push({ label: candidate.label, documentsPerSecond: speed });
    if (!best || speed > best.speed) best = { candidate, speed };
  }
  return best!;
}

/** Starts a side, warms it up on a few documents and gives it the rest. */
export async function open(candidate: Candidate, documents: readonly number[][]): Promise<Team> {
  const team = await Team.start(candidate.command, candidate.processes);
  await team.load(documents.slice(0, WARM_UP));
  await team.run();
  await team.load(documents);
  return team;
}

/** A side that stops early would win by doing less. */
function requireFullOutputs(outputs: readonly (readonly number[])[], newTokens: number, side: string): void {
  const short = outputs.findIndex((ids) => ids.length !== newTokens);
  if (short >= 0)
    throw new Error(`${side} gave ${outputs[short].length} tokens for document ${short}, not ${newTokens}`);
}
