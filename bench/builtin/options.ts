import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CACHE } from '../options.js';

export interface BuiltinOptions {
  readonly model: string;
  readonly documents: number;
  readonly tuningDocuments: number;
  readonly repetitions: number;
  readonly cache: string;
  readonly python: string;
  readonly settings: string | undefined;
  readonly json: string;
}

const MODEL = path.join('models', 'precis-tiny');

export const USAGE = `usage: node dist/bench/builtin.js [--documents 192] [--repetitions 3] [--tuning-documents 64] [--model DIR]
    [--peers DIR] [--python python3] [--settings FILE] [--json FILE]
  --model     the folder of the trained model (${MODEL})
  --peers     where peers, models and caches are kept (${DEFAULT_CACHE})
  --settings  the JSON file of an earlier run, whose choice of the peers' settings is taken over`;

export function parseOptions(args: readonly string[]): BuiltinOptions | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      model: text,
      documents: text,
      'tuning-documents': text,
      repetitions: text,
      peers: text,
      python: text,
      settings: text,
      json: text,
    },
  });
  if (values.help) return null;
  const cache = path.resolve(values.peers ?? DEFAULT_CACHE);
  return {
    model: path.resolve(values.model ?? MODEL),
    documents: count('documents', values.documents ?? '192'),
    tuningDocuments: count('tuning-documents', values['tuning-documents'] ?? '64'),
    repetitions: count('repetitions', values.repetitions ?? '3'),
    cache,
    python: values.python ?? 'python3',
    settings: values.settings,
    json: path.resolve(values.json ?? path.join(cache, 'builtin.json')),
  };
}

function count(name: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${name} ${value}: expected a whole number above 0`);
  return Number(value);
}
