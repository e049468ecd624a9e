import type { UdfStats } from '../predict/udfTypes.js';
import { type ParsedArguments, wrong } from './args.js';
import { sayRetry } from './events.js';
import {
  COLUMN_FLAGS,
  COMMON_FLAGS,
  DEVICE_FLAGS,
  type Flags,
  GENERATION_FLAGS,
  TABLE_FLAGS,
  TEXT_FLAGS,
} from './flags.js';
import { modelOf, type Values } from './generationArguments.js';
import type { CommandHelp } from './help.js';
import { interruptible } from './interrupt.js';
import { print, say } from './io.js';
import { Progress } from './progress.js';
import { type JobRecord, jobRecord, summaryBlock } from './record.js';
import type { SummarizeWork } from './summarizeJob.js';
import { outputOf, readOptions, refuseIdleCsvOptions, rowsOf, STANDARD, writeOptions } from './tableArguments.js';
import { newColumn, textColumn, udfOptions } from './udfArguments.js';
import { workDone } from './workDone.js';

const GROUPS = {
  column: COLUMN_FLAGS,
  table: TABLE_FLAGS,
  model: TEXT_FLAGS,
  generation: GENERATION_FLAGS,
  device: DEVICE_FLAGS,
  other: COMMON_FLAGS,
};

export const FLAGS: Flags = Object.assign({}, ...Object.values(GROUPS));

export const HELP: CommandHelp = {
  usage: 'precis summarize IN --text COL --out OUT [options]',
  summary: `Reads a table, adds a column with a summary of each row's text, and writes the table: every other column as it was, rows in
their order. IN and OUT are files (.parquet, .arrow, .csv, .tsv, .jsonl), Delta folders or table names (catalog.schema.table); IN may also
be a folder or a pattern of such files, or a folder of text files. - is an Arrow stream on stdin or stdout. OUT appears when it is
complete. The summary of the run goes to stdout, or to stderr if stdout carries the table.`,
  examples: [
    'precis summarize sample.parquet --text document --out out.parquet',
    'precis summarize articles.csv --text body --out articles.jsonl --model ./t5-small --limit 100 --num-beams 1 --json',
  ],
  groups: GROUPS,
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [input, ...more] = positionals;
  if (input === undefined || more.length > 0) throw wrong(`${positionals.length} tables are given`, 'one');
  const text = textColumn(values);
  const output = outputOf(values, input);
  refuseIdleCsvOptions(values, input, output);
  const json = values.json === true;
  if (json && output === STANDARD) throw wrong('--json and --out - both want stdout', 'a file for one of them');
  const column = newColumn(values);
  const work = { input, output, text, column, ...(await settings(values)), write: writeOptions(values, column) };
  const record = (await isKept(work)) ? await asJob(work) : await inOnePass(work);
  // With --limit the sender may have more to say, for which this process must not wait.
  if (input === STANDARD) process.stdin.destroy();
  if (record.truncated > 0) say(truncationWarning(record, values));
  const block = json ? `${JSON.stringify(record)}\n` : summaryBlock(record);
  if (output === STANDARD) process.stderr.write(block);
  else print(block);
}

async function settings(values: Values) {
  // With --sample the seed is the sample's, and the generation's too if that draws as well.
  const { seed: _, ...seedless } = values;
  const options = await udfOptions(values.sample === undefined || values['do-sample'] === true ? values : seedless);
  return { options, model: await modelOf(values), read: readOptions(values), ...rowsOf(values) };
}

/** Streams cannot be read again, and what takes no longer than reading its texts need not be kept. */
async function isKept({ input, output, model }: SummarizeWork): Promise<boolean> {
  const { isQuick } = await import('../predict/udfOptions.js');
  if (input === STANDARD || output === STANDARD || isQuick(model)) return false;
  const { homeProblem } = await import('../files/home.js');
  const problem = homeProblem();
  if (problem !== null) say(`this run is not kept for a resume: ${problem}`);
  return problem === null;
}

async function asJob(work: SummarizeWork): Promise<JobRecord> {
  const { summarizeAsJob } = await import('./summarizeJob.js');
  const { id, target, version, stats, seconds } = await summarizeAsJob(work, (rows) => {
    const progress = new Progress('rows', rows ?? undefined);
    progress.start();
    return progress;
  });
  return { id, ...jobRecord({ ...described(work, stats), output: target, version }, stats, seconds) };
}

async function inOnePass(work: SummarizeWork): Promise<JobRecord> {
  const prepared = await prepare(work);
  return interruptible(leftBehind(work.output), (signal) => summarize(work, prepared, signal));
}

/** A table and a function over it, with all that can be wrong with them looked at; nothing runs yet. */
async function prepare({ input, text, model, options, read, limit, sample, seed }: SummarizeWork) {
  const { readTable } = await import('../table/open.js');
  const { requireText } = await import('../table/columns.js');
  let table = await readTable(input, read);
  requireText(table.schema, text, table.label);
  if (sample !== undefined) table = table.sample(sample, seed);
  if (limit !== undefined) table = table.limit(limit);
  const { batchUdf } = await import('../predict/udf.js');
  const progress = new Progress('rows', table.rows);
  const udf = await batchUdf(model, {
    ...options,
    warn: false,
    onEvent: (event) => sayRetry(event, (line) => progress.say(line)),
    onProgress: (stats) => progress.update(workDone(stats)),
  });
  return { table, udf, progress };
}

async function summarize(
  work: SummarizeWork,
  { table, udf, progress }: Awaited<ReturnType<typeof prepare>>,
  signal: AbortSignal,
): Promise<JobRecord> {
  const begin = performance.now();
  progress.start();
  try {
    const expression = udf(work.text);
    const { target, version = null } = await table
      .withColumn(work.column, expression)
      .write(work.output, { ...work.write, signal });
    const seconds = (performance.now() - begin) / 1000;
    return jobRecord({ ...described(work, udf.stats), output: target, version }, udf.stats, seconds);
  } finally {
    // An error's line must not be written behind the bar.
    progress.end();
    await udf.close();
  }
}

function described({ model, input, text, column, options }: SummarizeWork, { rows }: UdfStats) {
  return { model, input, text, column, rows, options };
}

function leftBehind(output: string): string {
  return output === STANDARD
    ? 'interrupted: the stream on stdout is not complete'
    : `interrupted: ${output} is as it was`;
}

function truncationWarning({ truncated, rows }: JobRecord, values: Values): string {
  const hint = values['long-documents'] === 'map-reduce' ? '' : '; --long-documents map-reduce reads all of it';
  return `${truncated} of ${rows} rows had a text too long for the model and were cut${hint}`;
}
