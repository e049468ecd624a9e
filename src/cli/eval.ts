import type { EvaluationProgress } from '../evaluate/options.js';
import type { Evaluation } from '../evaluate/types.js';
import type { ParsedArguments } from './args.js';
import { EVAL_GROUPS, type EvalRequest, evalRequest, ratedSheet } from './evalArguments.js';
import { openEvalOutputs, type Written } from './evalOutputs.js';
import { printRatings } from './evalRatings.js';
import { evaluationRecord } from './evalRecord.js';
import { evaluationTable } from './evalTable.js';
import { sayRetry } from './events.js';
import type { Flags } from './flags.js';
import type { Values } from './generationArguments.js';
import type { CommandHelp } from './help.js';
import { interruptible } from './interrupt.js';
import { print, say } from './io.js';
import { count, Progress } from './progress.js';
import { readOptions, STANDARD } from './tableArguments.js';

export const FLAGS: Flags = Object.assign({}, ...Object.values(EVAL_GROUPS));

export const HELP: CommandHelp = {
  usage: 'precis eval IN --text COL [--reference COL] [--model URI ...] [--outputs FILE ...] [options]',
  summary: `Runs models over the rows of a table, one after the other, and compares their summaries with each other and with summaries
that are stored: ROUGE against references, what a summary takes from its text and what not, speed, tokens and cost. Differences are
marked against the first candidate. All models run with the same options; those that have no meaning for a model without weights
are withheld from it if others have weights. Nothing appears under --out and --report before all is done.`,
  examples: [
    'precis eval news.parquet --text body --reference lead --model ./t5-small --model builtin:lead-3 --report news.html',
    'precis eval sample.parquet --text document --outputs monday.parquet tuesday.parquet --key id --out scores.parquet',
  ],
  groups: EVAL_GROUPS,
};

export async function run(parsed: ParsedArguments): Promise<void> {
  const rated = ratedSheet(parsed);
  if (rated !== null) return printRatings(rated, parsed.values.json === true);
  const request = await evalRequest(parsed);
  const progress = new EvalProgress();
  const { evaluation, written } = await interruptible(
    () => progress.left(),
    (signal) => evaluateAndWrite(request, parsed.values, progress, signal),
  );
  // With --limit the sender may have more to say, for which this process must not wait.
  if (request.input === STANDARD) process.stdin.destroy();
  const { out, json } = request;
  const text = json
    ? `${JSON.stringify(evaluationRecord(evaluation, written))}\n`
    : evaluationTable(evaluation, written);
  if (out === STANDARD) process.stderr.write(text);
  else print(text);
}

async function evaluateAndWrite(
  request: EvalRequest,
  values: Values,
  progress: EvalProgress,
  signal: AbortSignal,
): Promise<{ evaluation: Evaluation; written: Written }> {
  const { readTable } = await import('../table/open.js');
  const table = await readTable(request.input, readOptions(values));
  const outputs = await openEvalOutputs(request, values, table.files, signal);
  try {
    const { evaluate } = await import('../evaluate/evaluate.js');
    const { modelOptions } = request.options;
    const evaluation = await evaluate(table, {
      ...request.options,
      modelOptions: { ...modelOptions, onEvent: (event) => sayRetry(event, (line) => progress.say(line)) },
      signal,
      onProgress: (work) => progress.update(work),
    });
    progress.end();
    return { evaluation, written: await outputs.publish(evaluation) };
  } catch (error) {
    await outputs.abort();
    throw error;
  } finally {
    // An error's line must not be written behind the bar.
    progress.end();
  }
}

/** A bar or a line for each candidate and stage in turn. */
class EvalProgress {
  private shown: Progress | null = null;
  private latest: EvaluationProgress | null = null;
  private readonly candidates = new Set<string>();

  update(work: EvaluationProgress): void {
    const { candidate, stage, total, done, tokens, truncated, failed } = work;
    if (this.latest?.candidate !== candidate || this.latest.stage !== stage) {
      this.shown?.end();
      this.shown = new Progress('rows', total, stage === 'run' ? candidate : `${candidate}, ${STAGES[stage]}`);
      this.shown.start();
      this.candidates.add(candidate);
    }
    this.latest = work;
    this.shown?.update({ done, tokens, truncated, failed });
  }

  say(line: string): void {
    if (this.shown) this.shown.say(line);
    else say(line);
  }

  end(): void {
    this.shown?.end();
    this.shown = null;
  }

  /** What an interrupted run says. */
  left(): string {
    if (!this.latest) return 'interrupted before the first candidate; nothing is written';
    const { candidate, stage, done, total } = this.latest;
    const ran = [...this.candidates].filter((other) => other !== candidate);
    const finished = ran.length === 0 ? '' : `${ran.join(', ')} ${ran.length === 1 ? 'was' : 'were'} done, `;
    const scored = stage === 'run' ? '' : ` ${STAGES[stage]}`;
    return `interrupted: ${finished}${candidate} had ${count(done)} of ${count(total)} rows${scored}; nothing is written`;
  }
}

const STAGES = { run: '', score: 'scoring', judge: 'judging', compare: 'comparing' } as const;
