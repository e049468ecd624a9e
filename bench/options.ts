import path from 'node:path';
import { parseArgs } from 'node:util';
import { CONTEST_IDS } from './contests.js';

/** Ignored by git: the peers, the models and the caches of a benchmark lie here. */
export const DEFAULT_CACHE = path.join('.cache', 'bench');

/** What is measured of our side alone. */
export const SECTION_IDS = ['roofline', 'scaling', 'tokenizing', 'conversion', 'startup'] as const;

export interface BenchOptions {
  readonly only: ReadonlySet<string>;
  readonly repetitions: number;
  readonly documents: number;
  readonly tuningDocuments: number;
  readonly cache: string;
  readonly python: string;
  readonly tokenizer: string | undefined;
  readonly settings: string | undefined;
  readonly json: string;
}

export const USAGE = `usage: npm run bench -- [--quick] [--only ID,...] [--repetitions 3] [--documents 192] [--tuning-documents 48]
    [--peers DIR] [--python python3] [--tokenizer DIR] [--settings FILE] [--json FILE]
  --only       rows: ${CONTEST_IDS.join(', ')}
               our side alone: ${SECTION_IDS.join(', ')}
  --quick      few documents, one repetition: to see that it runs
  --peers      where peers, models and caches are kept (${DEFAULT_CACHE})
  --tokenizer  a folder with T5's tokenizer; without it a made-up one of the same size
  --settings   the JSON file of an earlier run, whose choice of the peers' settings is taken over`;

export function parseOptions(args: readonly string[]): BenchOptions | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      quick: { type: 'boolean' },
      only: text,
      repetitions: text,
      documents: text,
      'tuning-documents': text,
      peers: text,
      python: text,
      tokenizer: text,
      settings: text,
      json: text,
    },
  });
  if (values.help) return null;
  const ids: readonly string[] = [...CONTEST_IDS, ...SECTION_IDS];
  const only = values.only?.split(',') ?? ids;
  const unknown = only.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected some of ${ids.join(', ')}`);
  const cache = path.resolve(values.peers ?? DEFAULT_CACHE);
  return {
    only: new Set(only),
    repetitions: count('repetitions', values.repetitions, values.quick ? 1 : 3),
    documents: count('documents', values.documents, values.quick ? 24 : 192),
    tuningDocuments: count('tuning-documents', values['tuning-documents'], values.quick ? 8 : 48),
    cache,
    python: values.python ?? 'python3',
    tokenizer: values.tokenizer,
    settings: values.settings,
    json: values.json ?? path.join(cache, 'bench.json'),
  };
}

function count(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${name} ${value}: expected a whole number above 0`);
  return Number(value);
}
