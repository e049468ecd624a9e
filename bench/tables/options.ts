import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CACHE } from '../options.js';

export const PARTS = ['echo', 'overhead', 'same', 'pressure'] as const;

export type Part = (typeof PARTS)[number];

export interface TablesOptions {
  readonly parts: readonly Part[];
  /** Where inputs and outputs are kept. */
  readonly cache: string;
  readonly rows: readonly number[];
  readonly repetitions: number;
  readonly documents: number;
  /** As many as cores where nothing is said. */
  readonly workers: number | undefined;
  readonly checkpoint: string | undefined;
  readonly tokenizer: string | undefined;
}

export const USAGE = `usage: node dist/bench/tables.js [${PARTS.join('|')} ...] [--rows 500000,5000000] [--repetitions 3] [--documents 192]
    [--workers N] [--checkpoint DIR] [--tokenizer DIR] [--cache DIR]
  echo      rows a second and memory of Parquet -> builtin:echo -> Parquet, by --rows
  overhead  a T5-small job on a table against the engine alone, with one worker and with two
  same      whether its output is the same for any number of workers and any partition size
  pressure  the memory of a job whose sink is ten times slower than its engine`;

export function parseOptions(args: readonly string[]): TablesOptions | null {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      rows: text,
      repetitions: text,
      documents: text,
      workers: text,
      checkpoint: text,
      tokenizer: text,
      cache: text,
    },
  });
  if (values.help) return null;
  const unknown = positionals.find((part) => !PARTS.includes(part as Part));
  if (unknown !== undefined) throw new Error(`${unknown}: expected some of ${PARTS.join(', ')}`);
  return {
    parts: positionals.length > 0 ? (positionals as Part[]) : PARTS,
    cache: path.resolve(values.cache ?? path.join(DEFAULT_CACHE, 'tables')),
    rows: (values.rows ?? '500000,5000000').split(',').map((rows) => count('rows', rows)),
    repetitions: count('repetitions', values.repetitions ?? '3'),
    documents: count('documents', values.documents ?? '192'),
    workers: values.workers === undefined ? undefined : count('workers', values.workers),
    checkpoint: values.checkpoint,
    tokenizer: values.tokenizer,
  };
}

function count(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${name} ${value}: expected a whole number above 0`);
  return Number(value);
}
