import { PrecisError } from '../../errors.js';

export type Scalar = string | number | boolean | null;

/** A value of a spec with where it stands, whatever it was read from. */
export interface SpecNode {
  /** As messages name it: `job.yaml:7:3`, `--set output.mode`, `job.mjs`. */
  readonly place: string;
  /** The way to it from the top: `columns.0.name`. */
  readonly path: string;
  readonly value: Scalar | readonly SpecNode[] | ReadonlyMap<string, SpecEntry>;
  /** The same as it was typed, of values that come from a variable or a command line: there, 007 may well be a text. */
  readonly typed: string | null;
  /** The environment variables that are in it. */
  readonly variables: readonly string[];
  /** Where relative paths begin. */
  readonly folder: string;
}

export interface SpecEntry {
  readonly place: string;
  readonly node: SpecNode;
}

export interface Origin {
  readonly place: string;
  readonly folder: string;
}

/** Plain data as nodes. */
export function nodeOf(value: unknown, origin: Origin, path = '', above: readonly object[] = []): SpecNode {
  const plain = { ...origin, path, typed: null, variables: [] };
  if (value === null || value === undefined) return { ...plain, value: null };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { ...plain, value };
  if (typeof value !== 'object') throw notPlain(`a ${typeof value}`, origin, path);
  if (above.includes(value)) throw notPlain('within itself', origin, path);
  const inner = [...above, value];
  if (Array.isArray(value)) {
    return { ...plain, value: value.map((item, i) => nodeOf(item, origin, joined(path, i), inner)) };
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]): [string, SpecEntry] => [
      name,
      { place: origin.place, node: nodeOf(item, origin, joined(path, name), inner) },
    ]);
  return { ...plain, value: new Map(entries) };
}

function notPlain(kind: string, { place }: Origin, path: string): PrecisError {
  return new PrecisError('usage', { found: `${place}: ${path || 'the spec'} is ${kind}`, expected: 'plain data' });
}

/** The node's value as plain data. */
export function plainOf({ value }: SpecNode): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, { node }]) => [name, plainOf(node)]));
  return value;
}

export function joined(path: string, step: string | number): string {
  return path === '' ? String(step) : `${path}.${step}`;
}

export function entriesOf(node: SpecNode): ReadonlyMap<string, SpecEntry> | null {
  return node.value instanceof Map ? node.value : null;
}

export function itemsOf(node: SpecNode): readonly SpecNode[] | null {
  return Array.isArray(node.value) ? node.value : null;
}
