import path from 'node:path';
import { engineVariables } from '../../src/engine/environment.js';
import { inChild } from '../../src/measure/child.js';
import type { EngineInput, EngineRun } from '../../src/measure/engineChild.js';
import { markdownTable } from '../../src/measure/markdown.js';
import { ratios, spread } from '../../src/measure/statistics.js';
import { say } from '../tool.js';
import { summarize } from './command.js';
import { TEXT } from './inputs.js';
import { range } from './numbers.js';
import type { TablesOptions } from './options.js';
import { MEAN_TOKENS, NEW_TOKENS, type SmallModel } from './smallModel.js';

const WORKERS = [1, 2] as const;
const ENGINE = new URL('../../src/measure/engineChild.js', import.meta.url);

/** A job on a table beside the engine alone: the same texts, options and workers, in turn. */
export async function measureOverhead(
  { cache, repetitions }: TablesOptions,
  { checkpoint, file, texts }: SmallModel,
): Promise<string> {
  const out = path.join(cache, 'overhead-out.parquet');
  const engine: number[][] = WORKERS.map(() => []);
  const job: number[][] = WORKERS.map(() => []);
  const process: number[][] = WORKERS.map(() => []);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [i, workers] of WORKERS.entries()) {
      engine[i].push(await engineSeconds(checkpoint, workers, texts));
      const run = await summarize(file, out, [...jobArgs(checkpoint), '--workers', String(workers)]);
      job[i].push(run.answer.seconds);
      process[i].push(run.seconds);
      say(`${workers} workers: engine ${engine[i].at(-1)!.toFixed(2)} s, job ${job[i].at(-1)!.toFixed(2)} s`);
    }
  }
  const rate = (seconds: readonly number[]) => range(spread(seconds.map((each) => texts.length / each)), 2);
  const share = (whole: readonly number[], i: number) =>
    range(spread(ratios(engine[i], whole).map((part) => 100 * (1 - part))), 1);
  const rows = WORKERS.map((workers, i) => [
    String(workers),
    rate(engine[i]),
    rate(job[i]),
    share(job[i], i),
    rate(process[i]),
    share(process[i], i),
  ]);
  const scaling = (of: readonly number[][]) => range(spread(ratios(of[0], of[1])), 2);
  const head = ['workers', 'engine alone, rows/s', 'job', 'not the engine, %', 'process', 'not the engine, %'];
  return [
    `precis summarize from Parquet to Parquet, T5-small's dimensions, int8, greedy, ${texts.length} documents of ${MEAN_TOKENS} tokens on average, ${NEW_TOKENS} new tokens.`,
    'The engine alone: opening its models, and all texts at once. A job does that for a table; a process also starts and ends.',
    '',
    markdownTable(head, rows),
    '',
    `Two workers over one: engine ${scaling(engine)}, job ${scaling(job)}.`,
  ].join('\n');
}

export function jobArgs(checkpoint: string): string[] {
  const tokens = ['--min-new-tokens', String(NEW_TOKENS), '--max-new-tokens', String(NEW_TOKENS)];
  return ['--text', TEXT, '--model', checkpoint, '--num-beams', '1', ...tokens];
}

async function engineSeconds(model: string, workers: number, texts: readonly string[]): Promise<number> {
  const input: EngineInput = {
    model,
    load: {},
    options: { numBeams: 1, minNewTokens: NEW_TOKENS, maxNewTokens: NEW_TOKENS },
    how: {},
    workers,
    texts,
  };
  const run = await inChild<EngineRun>(ENGINE, input, { env: engineVariables() });
  return run.openSeconds + run.seconds;
}
