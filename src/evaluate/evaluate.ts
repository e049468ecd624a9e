import os from 'node:os';
import path from 'node:path';
import { readProcessor } from '../device/cpu.js';
import { isWeightless } from '../predict/builtin.js';
import type { Table } from '../table/table.js';
import { checkColumns, type EvaluationInput, readInput } from './input.js';
import type { Judge } from './judge.js';
import { judgedRows, openJudgeOf } from './judging.js';
import { type ModelRun, openModelRun } from './modelRun.js';
import { checkEvaluateOptions, type EvaluateOptions, modelsOf, refuseTwins } from './options.js';
import type { Produced } from './produced.js';
import { estimated, scoreRows, type Unestimated } from './scoring.js';
import { openStoredOutput } from './storedOutput.js';
import type { EvaluatedText, Evaluation, Metric } from './types.js';

/** Of work that is not a model's. */
const NO_COUNTS = { tokens: 0, truncated: 0, failed: 0 };

/**
 * Runs each model over the table, one after the other, reads the outputs that were stored, and scores them all. Everything that can be wrong with models,
 * files and options is said before the first model runs.
 */
export async function evaluate(table: Table, options: EvaluateOptions): Promise<Evaluation> {
  checkEvaluateOptions(options);
  const { text, reference, outputs = [], seed = 0, signal, onProgress } = options;
  const uris = modelsOf(options);
  refuseTwins('output', outputs);
  checkColumns(table, options);
  const stored = await Promise.all(outputs.map((location) => openStoredOutput(location, options)));
  const judge = await openJudgeOf(options);
  let runs: readonly ModelRun[] = [];
  try {
    runs = await openRuns(uris, options);
    const input = await readInput(table, options);
    const candidates: Unestimated[] = [];
    const names = outputNames(outputs, uris);
    // Files are matched before any model runs for an hour.
    const summaries = await Promise.all(stored.map((output) => output.read(input)));
    for (const run of runs) candidates.push(await ranModel(run, input, options));
    for (const [i, produced] of summaries.entries()) {
      candidates.push({
        name: names[i],
        kind: 'output',
        precision: null,
        cost: null,
        rows: await scored(names[i], input, produced, options),
      });
    }
    const total = input.texts.length;
    // Of large tables thousands of samples take a while.
    const onMetric = (candidate: string, share: number) =>
      onProgress?.({ candidate, stage: 'compare', done: Math.round(share * total), total, ...NO_COUNTS });
    const judged = judge ? await judgedCandidates(judge, candidates, input, options) : candidates;
    return {
      input: table.label,
      textColumn: text,
      referenceColumn: reference ?? null,
      texts: input.texts,
      candidates: await estimated(judged, { seed, signal, onMetric }),
      ranking: rankingOf(input.texts, judge !== null),
      seed,
      machine: machineText(),
      date: new Date().toISOString(),
    };
  } finally {
    await Promise.all([judge, ...runs].map((opened) => opened?.close()));
  }
}

async function openRuns(uris: readonly string[], options: EvaluateOptions): Promise<ModelRun[]> {
  const someHaveWeights = uris.some((uri) => !isWeightless(uri));
  const { modelOptions = {}, onProgress } = options;
  const runs: ModelRun[] = [];
  try {
    for (const uri of uris) {
      runs.push(await openModelRun(uri, { options: modelOptions, someHaveWeights, onProgress }));
    }
    return runs;
  } catch (error) {
    await Promise.all(runs.map((run) => run.close()));
    throw error;
  }
}

async function ranModel(run: ModelRun, input: EvaluationInput, options: EvaluateOptions): Promise<Unestimated> {
  const { produced, cost } = await run.run(input, options.costPer1kTokens, options.signal);
  // Its workers must not take memory and cores from the next one.
  await run.close();
  const { name, precision } = run;
  return { name, kind: 'model', precision, cost, rows: await scored(name, input, produced, options) };
}

function scored(
  candidate: string,
  { texts }: EvaluationInput,
  produced: readonly Produced[],
  { signal, onProgress }: EvaluateOptions,
) {
  const total = texts.length;
  const onRows = (done: number) => onProgress?.({ candidate, stage: 'score', done, total, ...NO_COUNTS });
  return scoreRows(texts, produced, { signal, onRows });
}

async function judgedCandidates(
  judge: Judge,
  candidates: readonly Unestimated[],
  { texts }: EvaluationInput,
  options: EvaluateOptions,
): Promise<Unestimated[]> {
  const judged: Unestimated[] = [];
  for (const candidate of candidates) {
    judged.push({ ...candidate, rows: await judgedRows(judge, candidate, texts, options) });
  }
  return judged;
}

/** The files' names without their folders where these tell them apart. */
function outputNames(outputs: readonly string[], models: readonly string[]): readonly string[] {
  const short = outputs.map((location) => path.basename(location));
  return new Set([...short, ...models]).size === short.length + models.length ? short : outputs;
}

function rankingOf(texts: readonly EvaluatedText[], isJudged: boolean): Metric {
  if (texts.some(({ source, reference }) => source !== null && reference !== null)) return 'rougeL';
  return isJudged ? 'judge' : 'faithful';
}

function machineText(): string {
  const cores = os.availableParallelism();
  return `${readProcessor().model ?? os.arch()}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}
