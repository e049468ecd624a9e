import { nearestName, PrecisError } from '../../errors.js';
import type { FormatName, ReadOptions, WriteMode, WriteOptions } from '../types.js';

interface Rule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

const MODES: readonly WriteMode[] = ['error', 'overwrite', 'append', 'merge'];
const FORMATS: readonly FormatName[] = ['parquet', 'arrow', 'arrows', 'csv', 'tsv', 'jsonl', 'delta', 'text'];

const oneOf = (values: readonly string[]): Rule => ({
  expected: `one of ${values.join(', ')}`,
  accepts: (value) => values.includes(value as string),
});
const NAMES: Rule = {
  expected: 'a list of column names',
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string'),
};
const FLAG: Rule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
const SIGNAL: Rule = { expected: 'an AbortSignal', accepts: (value) => value instanceof AbortSignal };
const FUNCTION: Rule = { expected: 'a function', accepts: (value) => typeof value === 'function' };
const CHARACTER: Rule = {
  expected: 'one character',
  accepts: (value) => typeof value === 'string' && value.length === 1,
};
const VERSION: Rule = {
  expected: 'a whole number of at least 0',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
const TRANSACTION: Rule = {
  expected: 'the name of an application and a whole number of at least 0: { app, version }',
  accepts: (value) => {
    const { app, version, ...more } = (value ?? {}) as { app?: unknown; version?: unknown };
    return typeof app === 'string' && app !== '' && VERSION.accepts(version) && Object.keys(more).length === 0;
  },
};

const READ_RULES: Readonly<Record<keyof ReadOptions, Rule>> = {
  format: oneOf(FORMATS),
  version: VERSION,
  delimiter: CHARACTER,
  header: FLAG,
  signal: SIGNAL,
};

const WRITE_RULES: Readonly<Record<keyof WriteOptions, Rule>> = {
  mode: oneOf(MODES),
  mergeKey: NAMES,
  mergeColumns: NAMES,
  format: oneOf(FORMATS),
  delimiter: CHARACTER,
  header: FLAG,
  signal: SIGNAL,
  onRows: FUNCTION,
  onReady: FUNCTION,
  transaction: TRANSACTION,
};

export function checkReadOptions(options: ReadOptions): void {
  check(options, READ_RULES);
}

export function checkWriteOptions(options: WriteOptions): void {
  check(options, WRITE_RULES);
}

/** What is misspelt or of the wrong kind is refused by name. */
function check(options: object, rules: Readonly<Record<string, Rule>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      const known = Object.keys(rules);
      const nearest = nearestName(name, known);
      throw new PrecisError('usage', {
        found: `unknown option ${name}`,
        expected: `one of ${known.join(', ')}`,
        action: nearest ? `did you mean ${nearest}?` : undefined,
      });
    }
    if (value === undefined || rules[name].accepts(value)) continue;
    throw new PrecisError('usage', {
      found: `option ${name} is ${JSON.stringify(value) ?? String(value)}`,
      expected: rules[name].expected,
    });
  }
}
