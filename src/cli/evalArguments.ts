import type { EvaluateOptions } from '../evaluate/options.js';
import { type ParsedArguments, wrong } from './args.js';
import {
  COLUMN_FLAGS,
  COMMON_FLAGS,
  DEVICE_FLAGS,
  type Flags,
  GENERATION_FLAGS,
  TABLE_FLAGS,
  TEXT_FLAGS,
} from './flags.js';
import type { Values } from './generationArguments.js';
import { refuseIdleCsvOptions, rowsOf, STANDARD } from './tableArguments.js';
import { textColumn, udfOptions } from './udfArguments.js';

const EVALUATION_FLAGS: Flags = {
  text: COLUMN_FLAGS.text,
  reference: { type: 'text', value: 'COL', help: 'the column with a good summary of each text; without it no ROUGE' },
  model: {
    ...TEXT_FLAGS.model,
    repeats: true,
    help: 'once for each model; by default the default model, lead-3 and textrank',
  },
  outputs: {
    type: 'text',
    value: 'FILE [FILE]',
    completes: 'files',
    repeats: true,
    help: 'tables with summaries of the same rows, compared as models are',
  },
  column: { ...COLUMN_FLAGS.column, help: 'their column with the summaries, generated_summary by default' },
  key: { type: 'text', value: 'COL', help: 'names a row in IN and in --outputs; without it, its position does' },
  judge: {
    type: 'text',
    value: 'URI',
    completes: 'folders',
    help: 'a model that says how good each summary is; a small one is a weak judge',
  },
  rubric: { type: 'text', value: 'FILE.json', completes: 'files', help: 'what the judge is asked: prompt and labels' },
  'cost-per-1k-tokens': { type: 'number', value: 'X', help: 'a price, of input and output tokens alike' },
  limit: TABLE_FLAGS.limit,
  sample: TABLE_FLAGS.sample,
  seed: { type: 'countOrNone', help: 'of --sample, the bootstrap and --do-sample; 0 by default' },
};

const OUTPUT_FLAGS: Flags = {
  out: {
    type: 'text',
    value: 'OUT',
    completes: 'files',
    help: 'a table with the scores of each row and candidate; - is stdout',
  },
  rate: { type: 'count', help: 'write so many blinded pairs of summaries to --sheet, for a person to rate' },
  sheet: {
    type: 'text',
    value: 'FILE.csv',
    completes: 'files',
    help: 'where --rate writes them; its key is put beside it',
  },
  rated: { type: 'text', value: 'FILE.csv', completes: 'files', help: 'read a rated sheet back; IN is not needed' },
  report: { type: 'text', value: 'FILE.html', completes: 'files', help: 'a page with charts and telling rows' },
  overwrite: { type: 'flag', help: 'replace what is there under these names' },
  ...chosen(TABLE_FLAGS, ['in-format', 'format', 'table-version', 'delimiter', 'no-header']),
};

const { seed: _seed, ...SEEDLESS } = GENERATION_FLAGS;
const { model: _model, ...MODEL_TEXT } = TEXT_FLAGS;

export const EVAL_GROUPS: Readonly<Record<string, Flags>> = {
  evaluation: EVALUATION_FLAGS,
  output: OUTPUT_FLAGS,
  'models, all alike': {
    ...MODEL_TEXT,
    ...chosen(COLUMN_FLAGS, ['long-documents', 'dedupe', 'partition-rows', 'isolation']),
  },
  generation: SEEDLESS,
  device: DEVICE_FLAGS,
  other: COMMON_FLAGS,
};

/** What the command line asks for; nothing was opened yet. */
export interface EvalRequest {
  readonly input: string;
  readonly options: EvaluateOptions;
  readonly out: string | undefined;
  readonly report: string | undefined;
  readonly sheet: { readonly file: string; readonly count: number } | null;
  readonly mode: 'error' | 'overwrite';
  readonly json: boolean;
}

export async function evalRequest({ values, positionals }: ParsedArguments): Promise<EvalRequest> {
  const [input, ...others] = positionals;
  const named = values.outputs as readonly string[] | undefined;
  if (input === undefined || (others.length > 0 && named === undefined)) {
    throw wrong(`${positionals.length} tables are given`, 'one', input && 'stored summaries follow --outputs');
  }
  // `--outputs A B`: a shell's pattern cannot repeat the flag.
  const outputs = named && [...named, ...others];
  const text = textColumn(values);
  const { limit, sample, seed } = rowsOf(values);
  const out = values.out as string | undefined;
  const report = values.report as string | undefined;
  const json = values.json === true;
  if (json && out === STANDARD) throw wrong('--json and --out - both want stdout', 'a file for one of them');
  if (out !== undefined && out === report) throw wrong('--out and --report name the same file', 'two names');
  if (report === STANDARD) throw wrong('--report is -', 'the name of a file');
  refuseIdle(values, input, out);
  const price = values['cost-per-1k-tokens'] as number | undefined;
  if (price !== undefined && price < 0) throw wrong(`--cost-per-1k-tokens is ${price}`, 'a number of at least 0');
  const options: EvaluateOptions = {
    text,
    reference: values.reference as string | undefined,
    models: values.model as readonly string[] | undefined,
    outputs,
    outputColumn: values.column as string | undefined,
    key: values.key as string | undefined,
    limit,
    sample,
    seed,
    costPer1kTokens: price,
    judge: values.judge as string | undefined,
    rubric: await rubricOf(values),
    modelOptions: await modelOptions(values),
  };
  const mode = values.overwrite === true ? 'overwrite' : 'error';
  return { input, options, out, report, sheet: sheetOf(values), mode, json };
}

async function rubricOf(values: Values): Promise<EvaluateOptions['rubric']> {
  if (values.rubric === undefined) return undefined;
  if (values.judge === undefined) throw wrong('--rubric is given without --judge', '--judge with it');
  const { readRubric } = await import('../evaluate/rubric.js');
  return readRubric(values.rubric as string);
}

function sheetOf(values: Values): EvalRequest['sheet'] {
  const file = values.sheet as string | undefined;
  const count = values.rate as number | undefined;
  if (file !== undefined && count !== undefined) return { file, count };
  if (file !== undefined) throw wrong('--sheet is given without --rate', '--rate N with it');
  if (count !== undefined) throw wrong('--rate is given without --sheet', '--sheet FILE.csv with it');
  return null;
}

/** A rated sheet tells all by itself, with its key. */
export function ratedSheet({ values, positionals }: ParsedArguments): string | null {
  const { rated, json: _, debug: __, ...others } = values;
  if (rated === undefined) return null;
  const other = positionals[0] ?? Object.keys(others).map((name) => `--${name}`)[0];
  if (other !== undefined)
    throw wrong(`${other} is given with --rated`, 'nothing but --json: the sheet tells the rest');
  return rated as string;
}

/** The seed is the sample's and the bootstrap's, and the generation's only if that draws as well. */
async function modelOptions(values: Values): Promise<EvaluateOptions['modelOptions']> {
  const { seed: _, ...seedless } = values;
  const { resultType: __, ...options } = await udfOptions(values['do-sample'] === true ? values : seedless);
  return options;
}

/** What would be silently without effect. */
function refuseIdle(values: Values, input: string, out: string | undefined): void {
  refuseIdleCsvOptions(values, input, out ?? '');
  if (out === undefined && values.format !== undefined) throw wrong('--format is given without --out', '--out with it');
  if (values.overwrite === true && out === undefined && values.report === undefined) {
    throw wrong('--overwrite is given, and nothing is written', '--out or --report with it');
  }
  for (const name of ['column', 'key']) {
    if (values[name] !== undefined && values.outputs === undefined) {
      throw wrong(`--${name} is given without --outputs`, '--outputs with it');
    }
  }
}

function chosen(flags: Flags, names: readonly string[]): Flags {
  return Object.fromEntries(names.map((name) => [name, flags[name]]));
}
