import { nearestName } from '../../errors.js';
import type { FunctionName } from '../types.js';
import { COLUMN_FIELDS, FUNCTION_FIELDS, FUNCTION_NAMES, JOB_WIDE } from './columnRules.js';
import { entriesOf, joined, type SpecEntry, type SpecNode } from './node.js';
import type { Problems } from './problems.js';
import { readFields, type Shape, schemaOfFields } from './shapes.js';

/** A column as it was written, checked. */
export interface ReadColumn {
  readonly node: SpecNode;
  readonly name: string;
  readonly fn: FunctionName;
  readonly text: readonly string[] | undefined;
  readonly model: string | undefined;
  readonly generation: Readonly<Record<string, unknown>>;
  /** Of its function. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A column of the job: which options it may have depends on its function. */
export const column: Shape<ReadColumn> = {
  expected: 'a map with name, fn, text and the options of the function',
  schema: { anyOf: FUNCTION_NAMES.map(schemaOfFunction) },
  fields: COLUMN_FIELDS,
  read(node, problems) {
    const entries = entriesOf(node);
    if (entries === null) {
      problems.wrong(node, 'a map with name, fn, text and the options of the function');
      return undefined;
    }
    const before = problems.count;
    const [own, others] = parted(entries, (name) => Object.hasOwn(COLUMN_FIELDS, name));
    const { name, fn: read, text, model, generation = {} } = readFields(own, node, COLUMN_FIELDS, {}, problems);
    // Of an unknown function nobody knows which options are right.
    if (read === undefined && (entries.get('fn')?.node.value ?? null) !== null) return undefined;
    const fn = (read ?? 'summarize') as FunctionName;
    const options = readOptions(others, node, fn, problems);
    if (fn === 'module' && model !== undefined) {
      problems.add(
        entries.get('model')!.place,
        `${joined(node.path, 'model')} with fn module`,
        'none: it has no model',
      );
    }
    refuseTwice(entries, generation as object, problems);
    if (problems.count > before) return undefined;
    return { node, name, fn, text, model, generation, options } as ReadColumn;
  },
};

function readOptions(
  entries: ReadonlyMap<string, SpecEntry>,
  node: SpecNode,
  fn: FunctionName,
  problems: Problems,
): Record<string, unknown> {
  const fields = FUNCTION_FIELDS[fn];
  const [known, unknown] = parted(entries, (name) => Object.hasOwn(fields, name));
  for (const [name, { place }] of unknown) {
    problems.add(place, `${joined(node.path, name)} is no option of ${fn}`, undefined, hintFor(name, fn));
  }
  return readFields(known, node, fields, {}, problems);
}

function hintFor(name: string, fn: FunctionName): string {
  if (Object.hasOwn(JOB_WIDE, name)) return JOB_WIDE[name];
  const own = [...Object.keys(COLUMN_FIELDS), ...Object.keys(FUNCTION_FIELDS[fn])];
  const others = FUNCTION_NAMES.filter((other) => Object.hasOwn(FUNCTION_FIELDS[other], name));
  if (others.length > 0) return `it is one of ${others.join(', ')}`;
  const nearest = nearestName(name, own);
  return nearest === null ? `it has ${own.join(', ')}` : `did you mean ${nearest}?`;
}

function refuseTwice(entries: ReadonlyMap<string, SpecEntry>, generation: object, problems: Problems): void {
  for (const name of Object.keys(generation)) {
    const entry = entries.get(name);
    if (entry) problems.add(entry.place, `${entry.node.path} stands in generation too`, 'it once');
  }
}

function parted(
  entries: ReadonlyMap<string, SpecEntry>,
  isOwn: (name: string) => boolean,
): [ReadonlyMap<string, SpecEntry>, ReadonlyMap<string, SpecEntry>] {
  const all = [...entries];
  return [new Map(all.filter(([name]) => isOwn(name))), new Map(all.filter(([name]) => !isOwn(name)))];
}

function schemaOfFunction(fn: FunctionName): Readonly<Record<string, unknown>> {
  const { fn: named, ...rest } = COLUMN_FIELDS;
  const required = fn === 'summarize' ? {} : { required: true as const };
  const only = { ...named.shape, schema: { const: fn } };
  return schemaOfFields({ ...rest, fn: { ...named, ...required, shape: only }, ...FUNCTION_FIELDS[fn] });
}
