import { statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import type { BenchRequest } from '../measure/bench.js';
import type { ReportFormat } from '../measure/report.js';
import type { Sweep } from '../measure/settings.js';
import { type ParsedArguments, wrong } from './args.js';
import { loadOptions, modelOf } from './generationArguments.js';

type Values = ParsedArguments['values'];

const INPUT_TOKENS = 430;
/** Of the user's own, where nothing is said: enough to fill a batch for each of a few workers. */
const OWN_DOCUMENTS = 192;
const NEW_TOKENS = 60;
const REPETITIONS = 3;

/** The lists of the settings; what is not given is what a model, or the machine, has by itself. */
export async function sweepOf(values: Values): Promise<Sweep> {
  const devices = (values.device ?? ['cpu']) as string[];
  const precisions = (values.precision ?? ['auto']) as string[];
  // What this version does not run is refused for each item as it is for a single one.
  for (const device of devices) for (const precision of precisions) await loadOptions({ device, precision });
  return {
    device: devices.map((device) => (device === 'auto' ? 'cpu' : device)),
    precision: precisions,
    workers: (values.workers ?? [availableParallelism()]) as number[],
    threads: (values['threads-per-worker'] ?? [1]) as number[],
    batchRows: (values['batch-rows'] ?? [null]) as (number | null)[],
    numBeams: (values['num-beams'] ?? [null]) as (number | null)[],
  };
}

/** All of a request but its sweep and its texts. */
export async function benchModel(values: Values): Promise<Omit<BenchRequest, 'sweep' | 'texts'>> {
  return {
    model: await modelOf(values),
    repetitions: (values.repetitions as number | undefined) ?? REPETITIONS,
    newTokens: (values['max-new-tokens'] as number | undefined) ?? NEW_TOKENS,
    load: { task: values.task as string | undefined, tokenizer: values.tokenizer as string | undefined },
    how: {
      prefix: values.prefix as string | undefined,
      maxInputTokens: values['max-input-tokens'] as number | undefined,
    },
  };
}

export function formatOf(values: Values): ReportFormat {
  const { format, json } = values;
  if (json !== true) return (format ?? 'table') as ReportFormat;
  if (format === undefined || format === 'json') return 'json';
  throw wrong(`--json and --format ${format} are given`, 'one of them');
}

/** A run of minutes must not end in a chart that cannot be written: its place is looked at first. */
export function plotFile(values: Values): ((svg: string) => void) | null {
  const file = values.plot as string | undefined;
  if (file === undefined) return null;
  if (path.extname(file).toLowerCase() !== '.svg')
    throw wrong(`--plot is ${JSON.stringify(file)}`, 'a file that ends in .svg');
  const folder = path.dirname(path.resolve(file));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PrecisError('output', {
      found: `there is no folder ${folder} for the chart`,
      expected: 'a folder to write into',
      action: 'make it first',
    });
  }
  return (svg) => writeFileSync(file, svg);
}

/** Documents of the user's own, or how many are to be made up. */
export async function benchTexts(values: Values): Promise<BenchRequest['texts']> {
  const { input, text } = values;
  const count = values.documents as number | undefined;
  if (input !== undefined && text === undefined)
    throw wrong('--input is given without --text', 'the column with the texts');
  if (input === undefined && text !== undefined)
    throw wrong('--text is given without --input', 'the table that has it');
  if (input === undefined) return { count, meanTokens: (values['input-tokens'] as number | undefined) ?? INPUT_TOKENS };
  if (values['input-tokens'] !== undefined) throw wrong('--input-tokens is for made-up documents', 'no --input');
  return await ownTexts(input as string, text as string, count ?? OWN_DOCUMENTS);
}

/** The first documents of a table; rows without a text are passed over. */
async function ownTexts(input: string, column: string, count: number): Promise<string[]> {
  const { readTable } = await import('../table/open.js');
  const { requireText, textValues } = await import('../table/columns.js');
  const table = await readTable(input);
  requireText(table.schema, column, table.label);
  const texts: string[] = [];
  for await (const batch of table.batches({ columns: [column] })) {
    for (const text of textValues(batch.getChild(column)!)) if (text !== null && text !== '') texts.push(text);
    if (texts.length >= count) break;
  }
  if (texts.length > 0) return texts.slice(0, count);
  throw new PrecisError('input', {
    found: `column ${column} of ${table.label} has no text`,
    expected: 'documents to measure with',
  });
}
