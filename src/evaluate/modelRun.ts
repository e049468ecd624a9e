import type { RecordBatch } from 'apache-arrow';
import { OPTION_NAMES } from '../engine/search/optionRules.js';
import { isWeightless } from '../predict/builtin.js';
import { batchUdf } from '../predict/udf.js';
import type { Udf, UdfOptions, UdfStats } from '../predict/udfTypes.js';
import { rowsOf } from '../table/record.js';
import type { EvaluationInput } from './input.js';
import type { EvaluationProgress, ModelOptions } from './options.js';
import type { Produced } from './produced.js';
import type { Cost } from './types.js';

const RESULT = 'result';

/** What means nothing to a model without weights: it refuses these by name. */
const OF_WEIGHTS: readonly string[] = [
  ...OPTION_NAMES.filter((name) => name !== 'maxNewTokens' && name !== 'maxLength'),
  'precision',
  'batchRows',
  'task',
  'tokenizer',
  'prefix',
];

/** A model that was found to be all right, whose workers have not started. */
export interface ModelRun {
  readonly name: string;
  readonly precision: string;
  run(input: EvaluationInput, price: number | undefined, signal?: AbortSignal): Promise<RunResult>;
  close(): Promise<void>;
}

interface RunResult {
  readonly produced: readonly Produced[];
  readonly cost: Cost;
}

export interface RunOptions {
  readonly options: ModelOptions;
  /** Whether any of the models that are compared has weights, whose options the others cannot take. */
  readonly someHaveWeights: boolean;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

export async function openModelRun(name: string, { options, someHaveWeights, onProgress }: RunOptions) {
  const progress = new RunProgress(name, onProgress);
  const given = isWeightless(name) && someHaveWeights ? withoutThoseOfWeights(options) : options;
  const udf = await batchUdf(name, {
    ...given,
    resultType: 'struct',
    // A row that one model cannot do must not keep the others from being judged.
    onError: 'struct',
    warn: false,
    onProgress: (stats) => progress.tell(stats),
  });
  const run = (input: EvaluationInput, price: number | undefined, signal?: AbortSignal) =>
    timedRun(udf, progress, { input, price, signal });
  return { name, precision: udf.stats.precision, run, close: () => udf.close() } satisfies ModelRun;
}

interface Timing {
  readonly input: EvaluationInput;
  readonly price: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Timed is one pass over all rows, from the first text that is handed to the workers to the last answer that came back: tokenizing, the model and the
 * pool. Not timed: reading the table, opening the model in every worker, one text to warm up, and the scoring.
 */
async function timedRun(udf: Udf, progress: RunProgress, { input, price, signal }: Timing): Promise<RunResult> {
  if (input.texts.length > 0) for await (const _ of udf.over([shortestText(input)], { signal }));
  const before = { ...udf.stats };
  progress.begin(before, input.texts.length);
  const answers: RecordBatch[] = [];
  const how = { text: input.textColumn, column: RESULT, signal };
  const begin = performance.now();
  for await (const batch of udf.over(input.batches, how)) answers.push(batch);
  const seconds = (performance.now() - begin) / 1000;
  const inputTokens = udf.stats.inputTokens - before.inputTokens;
  const outputTokens = udf.stats.outputTokens - before.outputTokens;
  const rows = input.texts.length;
  return {
    produced: answers.flatMap(producedOf),
    cost: {
      seconds,
      rowsPerSecond: seconds > 0 ? rows / seconds : 0,
      inputTokens,
      outputTokens,
      price: price === undefined ? null : ((inputTokens + outputTokens) / 1000) * price,
    },
  };
}

/** The least that every worker's start can be awaited with. */
function shortestText({ texts }: EvaluationInput): string {
  let shortest: string | null = null;
  for (const { source } of texts) {
    if (source !== null && (shortest === null || source.length < shortest.length)) shortest = source;
  }
  return shortest ?? '';
}

interface Details {
  readonly summary: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

function producedOf(batch: RecordBatch): Produced[] {
  return [...rowsOf(batch)].map((row) => {
    const details = row[RESULT] as Details | null;
    if (details === null) return { summary: null, error: null };
    const { summary, error } = details;
    return { summary, error: error === null ? null : `[${error.code}] ${error.message}` };
  });
}

function withoutThoseOfWeights(options: ModelOptions): UdfOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OF_WEIGHTS.includes(name)));
}

/** Figures of the pass that is timed; those of the warm-up are taken off. */
class RunProgress {
  private before: UdfStats | null = null;
  private total = 0;

  constructor(
    private readonly candidate: string,
    private readonly onProgress: RunOptions['onProgress'],
  ) {}

  begin(before: UdfStats, total: number): void {
    this.before = before;
    this.total = total;
  }

  tell(stats: UdfStats): void {
    const { before, candidate, total } = this;
    if (!before) return;
    const since = (name: 'rows' | 'texts' | 'nulls' | 'duplicates' | 'truncated' | 'failed') =>
      stats[name] - before[name];
    const tokens = stats.inputTokens + stats.outputTokens - before.inputTokens - before.outputTokens;
    // Rows come out a partition at a time; the texts of one that is under way are counted one by one.
    const done = Math.min(total, Math.max(since('rows'), since('texts') + since('nulls') + since('duplicates')));
    const marks = { truncated: since('truncated'), failed: since('failed') };
    this.onProgress?.({ candidate, stage: 'run', done, total, tokens, ...marks });
  }
}
