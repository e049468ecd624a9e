import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import type { WrittenSheet } from '../evaluate/rating/types.js';
import type { Evaluation } from '../evaluate/types.js';
import type { TextOutput } from '../table/output/textOutput.js';
import type { Sink } from '../table/types.js';
import type { EvalRequest } from './evalArguments.js';
import type { Values } from './generationArguments.js';
import { STANDARD, writeOptions } from './tableArguments.js';

/** What an evaluation is written to; nothing is to be seen there before `publish`. */
export interface EvalOutputs {
  publish(evaluation: Evaluation): Promise<Written>;
  abort(): Promise<void>;
}

/** What there is now. */
export interface Written {
  readonly out: string | null;
  readonly report: string | null;
  readonly sheet: WrittenSheet | null;
}

/** Opened before hours of work, so that a folder that cannot be written is told at once. `files` are what is read. */
export async function openEvalOutputs(
  request: EvalRequest,
  values: Values,
  files: readonly string[],
  signal: AbortSignal,
): Promise<EvalOutputs> {
  const inputs = [...files, ...(request.options.outputs ?? []).map(realPath)];
  refuseSheetThere(request);
  const report = await openReport(request, inputs);
  try {
    const scores = await openScores(request, values, inputs, signal);
    return {
      publish: (evaluation) => publish(request, evaluation, scores, report),
      abort: async () => {
        await scores?.abort();
        await report?.abort();
      },
    };
  } catch (error) {
    await report?.abort();
    throw error;
  }
}

async function openReport({ report, mode }: EvalRequest, inputs: readonly string[]): Promise<TextOutput | null> {
  if (report === undefined) return null;
  const { openTextOutput } = await import('../table/output/textOutput.js');
  return openTextOutput(report, { mode, inputs });
}

async function openScores(
  { out, mode }: EvalRequest,
  values: Values,
  inputs: readonly string[],
  signal: AbortSignal,
): Promise<Sink | null> {
  if (out === undefined) return null;
  const { deltaFolder, openSink } = await import('../table/sinks.js');
  const { refuseOwnInput } = await import('../table/output/ownInput.js');
  const { SCORE_SCHEMA } = await import('../evaluate/scoreTable.js');
  const how = { ...writeOptions(values, ''), mode, signal };
  if (out !== STANDARD) refuseOwnInput(out, deltaFolder(out, how) ?? out, inputs);
  return openSink(out, SCORE_SCHEMA, how);
}

async function publish(
  request: EvalRequest,
  evaluation: Evaluation,
  scores: Sink | null,
  report: TextOutput | null,
): Promise<Written> {
  if (scores) {
    const { scoreBatches } = await import('../evaluate/scoreTable.js');
    for (const batch of scoreBatches(evaluation)) await scores.write(batch);
  }
  // A sheet is refused where no two summaries differ; then nothing should be there.
  const sheet = await writtenSheet(request, evaluation);
  if (report) {
    const { renderReport } = await import('../evaluate/report/report.js');
    await report.publish(renderReport(evaluation));
  }
  await scores?.publish();
  return { out: request.out ?? null, report: request.report ?? null, sheet };
}

async function writtenSheet({ sheet, options }: EvalRequest, evaluation: Evaluation): Promise<WrittenSheet | null> {
  if (sheet === null) return null;
  const { writeSheet } = await import('../evaluate/rating/writeSheet.js');
  return writeSheet(evaluation, sheet.file, { count: sheet.count, seed: options.seed ?? 0 });
}

/** The same is found when it is written, but that may be hours later. */
function refuseSheetThere({ sheet }: EvalRequest): void {
  if (sheet === null) return;
  const folder = path.dirname(path.resolve(sheet.file));
  if (!existsSync(folder)) {
    const found = `the folder ${folder} of ${sheet.file} is not there`;
    throw new PrecisError('output', { found, expected: 'a folder to write into' });
  }
  if (!existsSync(sheet.file)) return;
  throw new PrecisError('output', {
    found: `${sheet.file} is there already`,
    expected: 'a new name: a sheet may hold ratings',
    action: 'choose another name, or move the old sheet and its key away',
  });
}

function realPath(location: string): string {
  try {
    return realpathSync(location);
  } catch {
    // Whoever reads it says what is wrong with it.
    return location;
  }
}
