import { realpathSync } from 'node:fs';
import { SHIPPED_MODEL } from '../engine/builtin/shippedModel.js';
import { PrecisError } from '../errors.js';
import { checkOptions, type Rules } from '../predict/checkOptions.js';
import { modelFolder } from '../predict/modelUri.js';
import { PREDICT_RULES } from '../predict/udfOptions.js';
import type { UdfOptions } from '../predict/udfTypes.js';
import type { Rubric } from './rubric.js';

/** What a model is run with; how its rows come back, and what happens to those that fail, is the evaluation's own matter. */
export type ModelOptions = Omit<UdfOptions, 'resultType' | 'onError' | 'numReturnSequences' | 'warn' | 'onProgress'>;

export interface EvaluationProgress {
  readonly candidate: string;
  readonly stage: 'run' | 'score' | 'judge' | 'compare';
  /** Rows. */
  readonly done: number;
  readonly total: number;
  readonly tokens: number;
  readonly truncated: number;
  readonly failed: number;
}

export interface EvaluateOptions {
  /** The column with the texts. */
  readonly text: string;
  /** The column with a good summary of each; without it there is no ROUGE. */
  readonly reference?: string;
  /** URIs. If neither models nor outputs are given, the default model and the baselines. */
  readonly models?: readonly string[];
  /** Tables with summaries that were made before, of the very rows that are evaluated. */
  readonly outputs?: readonly string[];
  /** The column of `outputs` with the summaries; `generated_summary` by default. */
  readonly outputColumn?: string;
  /** A column that names a row both in the table and in `outputs`; without it rows are matched by position. */
  readonly key?: string;
  /** Only the first rows, or so many drawn by the seed. */
  readonly limit?: number;
  readonly sample?: number;
  /** Of the sample and of the bootstrap; 0 by default. */
  readonly seed?: number;
  /** The same for all models; what has no meaning for a model without weights is withheld from it if others have weights. */
  readonly modelOptions?: ModelOptions;
  /** Of input and output tokens alike, in any currency. */
  readonly costPer1kTokens?: number;
  /** The URI of a model that judges each summary, by the rubric or a usual one. */
  readonly judge?: string;
  readonly rubric?: Rubric;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

const isList = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string');
const NAME = { expected: 'a name, not empty', accepts: (v: unknown) => typeof v === 'string' && v !== '' };
const ROWS = {
  expected: 'a whole number of at least 0',
  accepts: (v: unknown) => Number.isSafeInteger(v) && (v as number) >= 0,
};

const RULES: Rules<EvaluateOptions> = {
  text: NAME,
  reference: NAME,
  models: { expected: 'a list of model URIs', accepts: isList },
  outputs: { expected: 'a list of tables', accepts: isList },
  outputColumn: NAME,
  key: NAME,
  limit: ROWS,
  sample: ROWS,
  seed: ROWS,
  modelOptions: { expected: 'an object', accepts: (v) => typeof v === 'object' && v !== null },
  costPer1kTokens: {
    expected: 'a number of at least 0',
    accepts: (v) => typeof v === 'number' && Number.isFinite(v) && v >= 0,
  },
  judge: NAME,
  // Looked at where the judge is opened.
  rubric: { expected: '', accepts: () => true },
  signal: PREDICT_RULES.signal,
  onProgress: { expected: 'a function', accepts: (v) => typeof v === 'function' },
};

/** Options of a model's function that an evaluation sets itself. */
const OWN: readonly string[] = ['resultType', 'onError', 'numReturnSequences', 'warn', 'onProgress'];

export function checkEvaluateOptions(options: EvaluateOptions): void {
  checkOptions(options, RULES);
  if (options.text === undefined) throw refused('no option text', 'the column with the texts');
  if (options.limit !== undefined && options.sample !== undefined) throw refused('limit and sample', 'one of them');
  const own = Object.entries(options.modelOptions ?? {}).find(([name, v]) => v !== undefined && OWN.includes(name));
  if (own) throw refused(`option ${own[0]} for the models`, 'none that an evaluation sets itself');
  if (options.rubric !== undefined && options.judge === undefined) throw refused('option rubric without judge', 'both');
  if (options.outputs?.length) return;
  for (const name of ['key', 'outputColumn'] as const) {
    if (options[name] !== undefined) throw refused(`option ${name} without outputs`, 'outputs to be matched by it');
  }
}

/** The models to be run, each once. */
export function modelsOf({ models, outputs }: EvaluateOptions): readonly string[] {
  const named = models ?? (outputs?.length ? [] : defaultModels());
  if (named.length === 0 && !outputs?.length) throw refused('no models and no outputs', 'at least one of either');
  refuseTwins('model', named, modelFolder);
  return named;
}

export function defaultModels(): readonly string[] {
  return [SHIPPED_MODEL, 'builtin:lead-3', 'builtin:textrank'];
}

/** By whatever spelling: one column twice would be read as two candidates. */
export function refuseTwins(what: string, names: readonly string[], place = (name: string) => name): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const real = realName(name, place);
    const twin = seen.get(real);
    if (twin !== undefined) {
      const found = twin === name ? `${what} ${name} is named twice` : `${what}s ${twin} and ${name} are the same`;
      throw refused(found, 'each once');
    }
    seen.set(real, name);
  }
}

function realName(name: string, place: (name: string) => string): string {
  try {
    return realpathSync(place(name));
  } catch {
    // No file or folder has it: a name of another kind, or one that is refused where it is opened.
    return name;
  }
}

function refused(found: string, expected: string): PrecisError {
  return new PrecisError('usage', { found, expected });
}
