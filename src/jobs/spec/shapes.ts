import { nearestName } from '../../errors.js';
import { entriesOf, itemsOf, joined, plainOf, type SpecEntry, type SpecNode } from './node.js';
import type { Problems } from './problems.js';
import { COUNT, DURATION, readCount, readDuration } from './quantities.js';

/** What a value of a spec may be. `read` gives what it stands for, or undefined after it told the problem. */
export interface Shape<Value = unknown> {
  readonly expected: string;
  /** The same as a JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  read(node: SpecNode, problems: Problems): Value | undefined;
  /** Of a map with given names, or of each item of a list or of a map. */
  readonly fields?: Fields;
}

export interface FieldRule {
  readonly shape: Shape;
  readonly about: string;
  /** As the documents tell it. */
  readonly default?: string;
  readonly required?: true;
}

export type Fields = Readonly<Record<string, FieldRule>>;

/** `convert` gives undefined for what it does not accept. A value from a variable or a command line is tried as it was typed too. */
export function scalar<Value>(
  expected: string,
  schema: Readonly<Record<string, unknown>>,
  convert: (value: unknown) => Value | undefined,
): Shape<Value> {
  return {
    expected,
    schema,
    read(node, problems) {
      const plain = plainOf(node);
      const found = convert(plain) ?? (node.typed === null ? undefined : convert(node.typed));
      if (found === undefined) problems.wrong(node, expected, hintFor(plain, schema));
      return found;
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The two slips that YAML invites, and misspelt words. */
function hintFor(value: unknown, schema: Readonly<Record<string, unknown>>): string | undefined {
  const { type } = schema;
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return 'put it in quotes';
  if (type === 'boolean' && isText(value) && /^(yes|no|on|off)$/i.test(value)) {
    return `write ${/^(yes|on)$/i.test(value) ? 'true' : 'false'}`;
  }
  const nearest = isText(value) && Array.isArray(schema.enum) ? nearestName(value, schema.enum as string[]) : null;
  return nearest === null ? undefined : `did you mean ${nearest}?`;
}

export const text = scalar('a text, not empty', { type: 'string', minLength: 1 }, (value) =>
  isText(value) && value.trim() !== '' ? value : undefined,
);
export const anyText = scalar('a text', { type: 'string' }, (value) => (isText(value) ? value : undefined));
export const flag = scalar('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
);
export const anything: Shape = { expected: 'anything', schema: {}, read: plainOf };

export const character = scalar('one character', { type: 'string' }, (value) => {
  if (value === '\\t') return '\t';
  return isText(value) && value.length === 1 ? value : undefined;
});

export const duration = scalar(DURATION, { type: ['number', 'string'] }, (value) => readDuration(value) ?? undefined);

export function count(least: number, otherwise = ''): Shape<number> {
  const expected = `${COUNT}, at least ${least}${otherwise}`;
  return scalar(expected, { type: ['integer', 'string'] }, (value) => readCount(value, least) ?? undefined);
}

export function number(least: number, most = Number.POSITIVE_INFINITY): Shape<number> {
  const expected =
    most === Number.POSITIVE_INFINITY ? `a number of at least ${least}` : `a number from ${least} to ${most}`;
  const schema = { type: 'number', minimum: least, ...(most < Number.POSITIVE_INFINITY && { maximum: most }) };
  return scalar(expected, schema, (value) =>
    typeof value === 'number' && value >= least && value <= most ? value : undefined,
  );
}

export function oneOf<const Name extends string>(names: readonly Name[]): Shape<Name> {
  return scalar(`one of ${names.join(', ')}`, { type: 'string', enum: names }, (value) =>
    names.includes(value as Name) ? (value as Name) : undefined,
  );
}

export function listOf<Value>(item: Shape<Value>, least = 1): Shape<Value[]> {
  return {
    expected: `a list, each of it ${item.expected}`,
    schema: { type: 'array', items: item.schema, minItems: least },
    fields: item.fields,
    read(node, problems) {
      const items = itemsOf(node);
      if (items === null || items.length < least) {
        problems.wrong(node, `a list of at least ${least}, each of it ${item.expected}`);
        return undefined;
      }
      const read = items.map((child) => item.read(child, problems));
      return read.includes(undefined) ? undefined : (read as Value[]);
    },
  };
}

/** One or several: always a list. */
export function oneOrMore<Value>(item: Shape<Value>): Shape<Value[]> {
  const list = listOf(item);
  return {
    expected: `${item.expected}, or a list of such`,
    schema: { anyOf: [item.schema, list.schema] },
    read(node, problems) {
      if (itemsOf(node) !== null) return list.read(node, problems);
      const value = item.read(node, problems);
      return value === undefined ? undefined : [value];
    },
  };
}

/** A short form and a long one, a map or a list, told apart by their kind. */
export function shortOr<Value>(short: Shape, long: Shape<Value>, widen: (value: never) => Value): Shape<Value> {
  return {
    expected: `${short.expected}, or ${long.expected}`,
    schema: { anyOf: [short.schema, long.schema] },
    fields: long.fields,
    read(node, problems) {
      if (entriesOf(node) !== null || itemsOf(node) !== null) return long.read(node, problems);
      const value = short.read(node, problems);
      return value === undefined ? undefined : widen(value as never);
    },
  };
}

/** Names that the user chooses, each with a value of one shape. */
export function mapOf<Value>(item: Shape<Value>): Shape<Record<string, Value>> {
  return {
    expected: `a map of names, each with ${item.expected}`,
    schema: { type: 'object', additionalProperties: item.schema },
    fields: item.fields,
    read(node, problems) {
      const entries = entriesOf(node);
      if (entries === null) {
        problems.wrong(node, this.expected);
        return undefined;
      }
      const read = [...entries].map(([name, { node }]) => [name, item.read(node, problems)]);
      return read.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(read);
    },
  };
}

/** A map of known names. `hints` say of names that belong elsewhere where that is. */
export function object(fields: Fields, hints: Readonly<Record<string, string>> = {}): Shape<Record<string, unknown>> {
  const names = Object.keys(fields);
  return {
    expected: `a map with ${names.join(', ')}`,
    schema: schemaOfFields(fields),
    fields,
    read(node, problems) {
      const entries = entriesOf(node);
      if (entries !== null) return readFields(entries, node, fields, hints, problems);
      problems.wrong(node, `a map with ${names.join(', ')}`);
      return undefined;
    },
  };
}

/** Fields without a value (`name:` and nothing behind it) are as if they were not there. */
export function readFields(
  entries: ReadonlyMap<string, SpecEntry>,
  { path, place }: SpecNode,
  fields: Fields,
  hints: Readonly<Record<string, string>>,
  problems: Problems,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { place, node }] of entries) {
    if (!Object.hasOwn(fields, name)) {
      const hint = Object.hasOwn(hints, name) ? hints[name] : undefined;
      problems.unknown(place, joined(path, name), Object.keys(fields), hint);
    } else if (node.value !== null) {
      const value = fields[name].shape.read(node, problems);
      if (value !== undefined) values[name] = value;
    }
  }
  for (const [name, { required, shape }] of Object.entries(fields)) {
    if (!required || (entries.has(name) && entries.get(name)!.node.value !== null)) continue;
    problems.add(place, `${joined(path, name)} is missing`, shape.expected);
  }
  return values;
}

export function schemaOfFields(fields: Fields): Readonly<Record<string, unknown>> {
  const properties = Object.entries(fields).map(([name, { shape, about }]) => [
    name,
    { ...shape.schema, description: about },
  ]);
  const required = Object.keys(fields).filter((name) => fields[name].required);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}
