import path from 'node:path';
import { ratios, type Spread, spread } from '../../src/measure/statistics.js';
import type { Tokenizer } from '../../src/text/types.js';
import { choose, type Tried } from '../contest.js';
import {
  type Candidates,
  type ContestContext,
  CTRANSLATE2_FEW,
  ctranslate2,
  oursCandidate,
  transformersJs,
} from '../contests.js';
import { say } from '../tool.js';
import type { HeldOut } from './heldOut.js';
import { commandSide, engineSide, type Round, type Side } from './sides.js';

export const WORKERS = 2;
const TRANSFORMERS_JS_BATCHES = [8, 32];

export interface ContestWork {
  readonly context: ContestContext;
  readonly tokenizer: Tokenizer;
  readonly documents: HeldOut;
  readonly tuningDocuments: number;
  readonly repetitions: number;
  readonly chosen: ReadonlyMap<string, string>;
}

export interface SideResult {
  readonly name: string;
  readonly settings: string;
  readonly rowsPerSecond: Spread;
  /** What the engine, and the command, do in this side's time, repetition by repetition. */
  readonly engineRatio: Spread;
  readonly commandRatio: Spread;
  /** The share of documents whose text is the engine's. */
  readonly same: number;
}

export interface SearchResult {
  readonly beams: number;
  readonly sides: readonly SideResult[];
  readonly tried: Readonly<Record<string, readonly Tried[]>>;
}

interface Peer extends Candidates {
  readonly id: string;
  readonly peer: string;
}

/** The sides' names, which the JSON file has too: an earlier run's choice of settings is found by them. */
export function peersOf(context: ContestContext, beams: number): readonly Peer[] {
  const ct2 = { peer: 'CTranslate2 int8', ...ctranslate2(context, 'int8', beams, CTRANSLATE2_FEW) };
  if (beams > 1) return [{ id: idOf(ct2.peer, beams), ...ct2 }];
  const js = (['q8', 'fp32'] as const).map((dtype) => ({
    peer: `transformers.js ${dtype}`,
    candidates: transformersJs(context, dtype, TRANSFORMERS_JS_BATCHES),
  }));
  return [ct2, ...js].map((peer) => ({ id: idOf(peer.peer, beams), ...peer }));
}

export function idOf(peer: string, beams: number): string {
  return `${peer}, ${beams}`;
}

/** All sides with one search, in turn, each with all documents. */
export async function holdContest(beams: number, work: ContestWork): Promise<SearchResult> {
  const { context, documents, tokenizer } = work;
  const { checkpoint, home } = context.where;
  const tried: Record<string, Tried[]> = {};
  const ours = oursCandidate(context, { precision: 'int8', beams }, WORKERS);
  const sides: Side[] = [];
  try {
    const job = { model: checkpoint, beams, newTokens: context.newTokens, workers: WORKERS };
    sides.push(commandSide(documents, { ...job, out: path.join(home, 'summarized.parquet') }));
    sides.push(await engineSide('precis, the engine alone', ours, documents, tokenizer));
    for (const peer of peersOf(context, beams)) {
      tried[peer.peer] = [];
      const best = await choose(peer, { ...work, documents: documents.ids }, tried[peer.peer]);
      sides.push(await engineSide(peer.peer, best, documents, tokenizer));
    }
    return { beams, tried, sides: compare(sides, await alternate(sides, work.repetitions)) };
  } finally {
    for (const side of sides) await side.close();
  }
}

/** Every side in turn, so that a slow minute of the machine falls on all of them. */
export async function alternate(sides: readonly Side[], repetitions: number): Promise<Round[][]> {
  const rounds: Round[][] = sides.map(() => []);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [i, side] of sides.entries()) {
      const round = await side.run();
      say(`  ${(round.texts.length / round.seconds).toFixed(2)} rows/s: ${side.name}`);
      rounds[i].push(round);
    }
  }
  return rounds;
}

function compare(sides: readonly Side[], rounds: readonly Round[][]): SideResult[] {
  const [command, engine] = rounds;
  const result = (name: string, settings: string, of: readonly Round[], seconds = ran): SideResult => ({
    name,
    settings,
    rowsPerSecond: spread(rates(of, seconds)),
    engineRatio: spread(ratios(rates(engine, ran), rates(of, seconds))),
    commandRatio: spread(ratios(rates(command, ran), rates(of, seconds))),
    same: equalTexts(of[0].texts, engine[0].texts),
  });
  const whole = result('the same, its process from start to end', '', command, (round) => round.processSeconds!);
  const results = sides.map(({ name, settings }, i) => result(name, settings, rounds[i]));
  return [results[0], whole, ...results.slice(1)];
}

export const ran = ({ seconds }: Round): number => seconds;

export function rates(of: readonly Round[], seconds: (round: Round) => number): number[] {
  return of.map((round) => round.texts.length / seconds(round));
}

export function equalTexts(a: readonly string[], b: readonly string[]): number {
  return a.filter((text, row) => text === b[row]).length / a.length;
}
