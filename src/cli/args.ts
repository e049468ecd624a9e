import { parseArgs } from 'node:util';
import { nearestName, PrecisError } from '../errors.js';
import type { Flag, Flags } from './flags.js';

export type FlagValue = string | number | boolean | readonly (string | number)[];

export interface ParsedArguments {
  readonly values: Readonly<Record<string, FlagValue | undefined>>;
  readonly positionals: readonly string[];
}

/** Reads a command's arguments. Whatever it does not know, or cannot read, is wrong usage. */
export function parseArguments(argv: readonly string[], flags: Flags): ParsedArguments {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      { type: type === 'flag' ? 'boolean' : 'string', ...(short && { short }) } as const,
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const values: Record<string, FlagValue> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    // A single letter is also the name that parseArgs gives to an unknown -x.
    if (!flag || ![`--${token.name}`, `-${flag.short}`].includes(token.rawName))
      throw unknownFlag(token.rawName, flags);
    const before = Object.hasOwn(values, token.name) ? values[token.name] : undefined;
    if (before !== undefined && !flag.repeats) throw wrong(`${token.rawName} is given twice`, 'it once');
    // Without this, `--model --json` would look for a model of the name --json.
    const swallowed = token.value?.startsWith('--') === true && token.inlineValue === false;
    const value = readValues(token.rawName, flag, swallowed ? undefined : token.value);
    values[token.name] = flag.repeats ? [...((before ?? []) as readonly string[]), value as string] : value;
  }
  return { values, positionals };
}

export function wrong(found: string, expected?: string, action?: string): PrecisError {
  return new PrecisError('usage', { found, expected, action });
}

/** The word that a mistyped one is nearest to, as a hint. */
export function didYouMean(name: string, known: readonly string[], mark = ''): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === null ? undefined : `did you mean ${mark}${nearest}?`;
}

function unknownFlag(rawName: string, flags: Flags): PrecisError {
  const hint = didYouMean(rawName.replace(/^-+/, ''), Object.keys(flags), '--');
  return wrong(`${rawName} is not an option of this command`, undefined, hint ?? '--help shows them all');
}

function readValues(name: string, flag: Flag, text: string | undefined): FlagValue {
  if (flag.separator === undefined || text === undefined) return readValue(name, flag, text);
  const items = text.split(flag.separator).map((item) => item.trim());
  const expected = `${expectedOf(flag)}, or several with ${flag.separator} between them`;
  if (items.includes('')) throw wrong(`${name} has an empty item in ${show(text)}`, expected);
  const repeated = items.find((item, i) => items.indexOf(item) !== i);
  if (repeated !== undefined) throw wrong(`${name} names ${repeated} twice`, expected);
  return items.map((item) => readValue(name, flag, item) as string | number);
}

function readValue(name: string, flag: Flag, text: string | undefined): FlagValue {
  if (flag.type === 'flag') {
    if (text === undefined || text === 'true') return true;
    if (text === 'false') return false;
    throw wrong(`${name} is ${show(text)}`, 'no value');
  }
  if (text === undefined) throw wrong(`${name} has no value`, expectedOf(flag));
  if (flag.type === 'text') return text;
  if (flag.type === 'choice') {
    if (flag.values!.includes(text)) return text;
    throw wrong(`${name} is ${show(text)}`, expectedOf(flag), didYouMean(text, flag.values!));
  }
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const isRight =
    flag.type === 'number'
      ? Number.isFinite(number)
      : Number.isSafeInteger(number) && number >= (flag.type === 'count' ? 1 : 0);
  if (!isRight) throw wrong(`${name} is ${show(text)}`, expectedOf(flag));
  return number;
}

function expectedOf(flag: Flag): string {
  switch (flag.type) {
    case 'count':
      return 'a whole number of at least 1';
    case 'countOrNone':
      return 'a whole number of at least 0';
    case 'number':
      return 'a number';
    case 'choice':
      return `one of ${flag.values!.join(', ')}`;
    default:
      return flag.value ?? 'a value';
  }
}

function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
