import fs from 'node:fs';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import { COMPARED_METRICS, type ComparedMetric, type Two } from './types.js';

const VERSION = 1;

/** Which candidate is which, kept from who rates. */
export interface SheetKey {
  readonly version: typeof VERSION;
  readonly input: string;
  readonly seed: number;
  readonly date: string;
  readonly candidates: readonly string[];
  readonly pairs: readonly KeyPair[];
}

export interface KeyPair {
  readonly id: string;
  /** In the table, from 0. */
  readonly row: number;
  /** Whose summary_1 and summary_2 are; null is the reference. */
  readonly sides: Two<string | null>;
  /** Of each column that must come back as it was written. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Of both summaries, where both have one. */
  readonly scores: Readonly<Partial<Record<ComparedMetric, Two<number>>>>;
}

export function keyFileOf(sheet: string): string {
  return `${sheet}.key.json`;
}

export function makeKey(parts: Omit<SheetKey, 'version'>): string {
  return `${JSON.stringify({ version: VERSION, ...parts }, null, 1)}\n`;
}

export function readKey(sheet: string): SheetKey {
  const file = keyFileOf(sheet);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw readProblem(error, file, 'input');
    throw new PrecisError('input', {
      found: `${sheet} has no key: there is no ${file}`,
      expected: 'the key that was written beside the sheet',
      action: 'put the rated sheet beside its key again, under the name that it had',
    });
  }
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    throw damaged(file, 'it is no JSON');
  }
  const problem = problemOf(key);
  if (problem !== null) throw damaged(file, problem);
  return key as SheetKey;
}

function damaged(file: string, why: string): PrecisError {
  return new PrecisError('input', {
    found: `${file} is not the key of a sheet: ${why}`,
    expected: `a key as it was written, version ${VERSION}`,
    action: 'restore the file',
  });
}

function problemOf(key: unknown): string | null {
  if (!isObject(key)) return 'it holds no object';
  if (key.version !== VERSION) return `its version is ${JSON.stringify(key.version)}`;
  const { candidates, pairs } = key;
  if (!isList(candidates, isText)) return 'it names no candidates';
  const isSide = (side: unknown) => side === null || candidates.includes(side as string);
  const isPair = (pair: unknown) =>
    isObject(pair) &&
    isText(pair.id) &&
    Number.isSafeInteger(pair.row) &&
    isTwo(pair.sides, isSide) &&
    isObject(pair.hashes) &&
    Object.values(pair.hashes).every(isText) &&
    isObject(pair.scores) &&
    Object.entries(pair.scores).every(([metric, values]) => isMetric(metric) && isTwo(values, Number.isFinite));
  if (!Array.isArray(pairs)) return 'it has no pairs';
  const bad = pairs.findIndex((pair) => !isPair(pair));
  return bad < 0 ? null : `its pair ${bad + 1} is damaged`;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isMetric = (name: string): boolean => (COMPARED_METRICS as readonly string[]).includes(name);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown, accepts: (item: unknown) => boolean): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.every(accepts);
const isTwo = (value: unknown, accepts: (item: unknown) => boolean): boolean =>
  isList(value, accepts) && value.length === 2;
