import { statSync } from 'node:fs';
import type { FormatName, ReadOptions, WriteMode, WriteOptions } from '../table/types.js';
import { wrong } from './args.js';
import type { Values } from './generationArguments.js';

/** `-` is stdin or stdout. */
export const STANDARD = '-';

export function readOptions(values: Values): ReadOptions {
  return {
    format: values['in-format'] as FormatName | undefined,
    version: values['table-version'] as number | undefined,
    ...csvOptions(values),
  };
}

export function writeOptions(values: Values, column: string): WriteOptions {
  const mergeKey = values['merge-key'] as readonly string[] | undefined;
  return {
    mode: writeMode(values),
    ...(mergeKey && { mergeKey, mergeColumns: [column] }),
    format: values.format as FormatName | undefined,
    ...csvOptions(values),
  };
}

/** Where the result goes: --out, or with --merge-key the very table that is read. */
export function outputOf(values: Values, input: string): string {
  const out = values.out as string | undefined;
  if (out !== undefined) return out;
  if (values['merge-key'] !== undefined && input !== STANDARD) return input;
  throw wrong('--out is missing', 'a file, a Delta folder, a table name, or - for stdout');
}

/** Options of CSV files, where neither table can be one, would be silently without effect. */
export function refuseIdleCsvOptions(values: Values, input: string, output: string): void {
  const idle = ['delimiter', 'no-header'].filter((name) => values[name] !== undefined && values[name] !== false);
  if (idle.length === 0) return;
  if (isCsv(output, values.format) || isCsv(input, values['in-format']) || isFolder(input)) return;
  throw wrong(`--${idle[0]} is given, but neither ${input} nor ${output} is a CSV file`, 'a .csv or .tsv file');
}

function isCsv(location: string, format: unknown): boolean {
  return format === undefined ? /\.[ct]sv\W*$/i.test(location) : format === 'csv' || format === 'tsv';
}

/** What a folder holds is only known when it is read. */
function isFolder(location: string): boolean {
  return statSync(location, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** How many rows and which: at most one of the two. */
export function rowsOf(values: Values): { limit?: number; sample?: number; seed: number } {
  const limit = values.limit as number | undefined;
  const sample = values.sample as number | undefined;
  if (limit !== undefined && sample !== undefined) throw wrong('--limit and --sample are given', 'one of them');
  return { limit, sample, seed: (values.seed as number | undefined) ?? 0 };
}

function writeMode(values: Values): WriteMode {
  const given = ['overwrite', 'append', 'merge-key'].filter(
    (name) => values[name] !== undefined && values[name] !== false,
  );
  if (given.length > 1) {
    throw wrong(`${given.map((name) => `--${name}`).join(' and ')} are given`, 'at most one of them');
  }
  if (given.length === 0) return 'error';
  return given[0] === 'merge-key' ? 'merge' : (given[0] as WriteMode);
}

function csvOptions(values: Values): { delimiter?: string; header?: boolean } {
  const delimiter = values.delimiter as string | undefined;
  return {
    // A shell makes a tab hard to type.
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(values['no-header'] === true && { header: false }),
  };
}
