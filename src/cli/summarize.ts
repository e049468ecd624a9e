import type { UdfStats } from '../predict/udfTypes.js';
import type { WriteOptions } from '../table/types.js';
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
import { outputOf, readOptions, refuseIdleCsvOptions, rowsOf, STANDARD, writeOptions } from './tableArguments.js';
import { newColumn, textColumn, udfOptions } from './udfArguments.js';

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
  const job = { input, output, text, column: newColumn(values) };
  const write = writeOptions(values, job.column);
  const prepared = await prepare(job, values);
  const record = await interruptible(leftBehind(output), (signal) => summarize(job, prepared, { ...write, signal }));
  // With --limit the sender may have more to say, for which this process must not wait.
  if (input === STANDARD) process.stdin.destroy();
  if (record.truncated > 0) say(truncationWarning(record, values));
  const block = json ? `${JSON.stringify(record)}\n` : summaryBlock(record);
  if (output === STANDARD) process.stderr.write(block);
  else print(block);
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

interface Job {
  readonly input: string;
  readonly output: string;
  readonly text: string;
  readonly column: string;
}

/** A table and a function over it, with all that can be wrong with them looked at; nothing runs yet. */
async function prepare({ input, text }: Job, values: Values) {
  // With --sample the seed is the sample's, and the generation's too if that draws as well.
  const { seed: _, ...seedless } = values;
  const options = await udfOptions(values.sample === undefined || values['do-sample'] === true ? values : seedless);
  const { limit, sample, seed } = rowsOf(values);
  const { readTable } = await import('../table/open.js');
  const { requireText } = await import('../table/columns.js');
  let table = await readTable(input, readOptions(values));
  requireText(table.schema, text, table.label);
  if (sample !== undefined) table = table.sample(sample, seed);
  if (limit !== undefined) table = table.limit(limit);

  const model = await modelOf(values);
  const { batchUdf } = await import('../predict/udf.js');
  const progress = new Progress('rows', table.rows);
  const udf = await batchUdf(model, {
    ...options,
    warn: false,
    onEvent: (event) => sayRetry(event, (line) => progress.say(line)),
    onProgress: (stats) => progress.update(workDone(stats)),
  });
  return { table, model, options, udf, progress };
}

async function summarize(job: Job, prepared: Prepared, write: WriteOptions): Promise<JobRecord> {
  const { table, model, options, udf, progress } = prepared;
  const { input, output, text, column } = job;
  const begin = performance.now();
  progress.start();
  try {
    const { target, version = null } = await table.withColumn(column, udf(text)).write(output, write);
    const described = { model, input, output: target, version, text, column, rows: udf.stats.rows, options };
    return jobRecord(described, udf.stats, (performance.now() - begin) / 1000);
  } finally {
    // An error's line must not be written behind the bar.
    progress.end();
    await udf.close();
  }
}

/** Rows come out a partition at a time; the texts of one that is under way are counted one by one. */
function workDone({ rows, texts, nulls, duplicates, inputTokens, outputTokens, truncated, failed }: UdfStats) {
  const done = Math.max(rows, texts + nulls + duplicates);
  return { done, tokens: inputTokens + outputTokens, truncated, failed };
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
