import { PrecisError } from '../../errors.js';
import { entriesOf, itemsOf, joined, nodeOf, type Origin, type SpecEntry, type SpecNode } from './node.js';
import type { Problems } from './problems.js';
import { readScalar } from './variables.js';
import { parseNodes } from './yamlNodes.js';

/** What a command line changes of a spec: `--set key=value`, `--input PATH`, `--output PATH`. Its paths begin where it was typed. */
export interface Overrides {
  readonly set?: readonly string[];
  readonly input?: string;
  readonly output?: string;
}

/** Where a text stands for a map: what it is there. */
const SHORT_FORMS: Readonly<Record<string, string>> = { source: 'path', output: 'path', 'source.sample': 'rows' };

export function applyOverrides(root: SpecNode, overrides: Overrides, folder: string, problems: Problems): SpecNode {
  let changed = root;
  const { set = [], input, output } = overrides;
  for (const assignment of set) {
    const at = assignment.indexOf('=');
    const key = assignment.slice(0, Math.max(at, 0)).trim();
    if (key === '' || key.split('.').includes('')) {
      throw new PrecisError('usage', {
        found: `--set ${JSON.stringify(assignment)}`,
        expected: 'KEY=VALUE, such as output.mode=overwrite',
      });
    }
    const place = `--set ${key}`;
    const node = valueNode(assignment.slice(at + 1).trim(), key, { place, folder }, problems);
    changed = replaced(changed, key.split('.'), node, { place, folder }, problems);
  }
  for (const [flag, path, value] of [
    ['--input', 'source.path', input],
    ['--output', 'output.path', output],
  ] as const) {
    if (value === undefined) continue;
    const origin = { place: flag, folder };
    changed = replaced(changed, path.split('.'), nodeOf(value, origin, path), origin, problems);
  }
  return changed;
}

/** As YAML reads it: `[a, b]` is a list, `{a: 1}` a map, 5 a number. */
function valueNode(text: string, path: string, origin: Origin, problems: Problems): SpecNode {
  if (/^[[{]/.test(text)) return moved(parseNodes(text, origin.place, origin.folder, problems), path, origin);
  return { ...origin, path, value: text === '' ? null : readScalar(text), typed: text, variables: [] };
}

/** Lines and columns of a single value on a command line say nothing. */
function moved(node: SpecNode, path: string, origin: Origin): SpecNode {
  const { value } = node;
  if (Array.isArray(value)) {
    return { ...node, ...origin, path, value: value.map((item, i) => moved(item, joined(path, i), origin)) };
  }
  if (!(value instanceof Map)) return { ...node, ...origin, path };
  const entries = [...value].map(([name, { node }]): [string, SpecEntry] => [
    name,
    { place: origin.place, node: moved(node, joined(path, name), origin) },
  ]);
  return { ...node, ...origin, path, value: new Map(entries) };
}

function replaced(
  node: SpecNode,
  [step, ...rest]: readonly string[],
  value: SpecNode,
  origin: Origin,
  problems: Problems,
): SpecNode {
  if (step === undefined) return { ...value, path: node.path };
  const items = itemsOf(node);
  if (items !== null) {
    const at = items.findIndex((item, i) => String(i) === step || entriesOf(item)?.get('name')?.node.value === step);
    if (at < 0) {
      problems.add(
        origin.place,
        `${node.path} has no item ${step}`,
        `a number from 0 to ${items.length - 1}, or an item's name`,
      );
      return node;
    }
    return { ...node, value: items.with(at, replaced(items[at], rest, value, origin, problems)) };
  }
  const entries = new Map(entriesOf(node) ?? widened(node));
  const path = joined(node.path, step);
  const inner = entries.get(step)?.node ?? { ...origin, path, value: null, typed: null, variables: [] };
  entries.set(step, { place: origin.place, node: replaced(inner, rest, value, origin, problems) });
  return { ...node, value: entries };
}

/** `source: a.parquet` with `--set source.limit=10` keeps its path; any other value makes way. */
function widened(node: SpecNode): [string, SpecEntry][] {
  const name = SHORT_FORMS[node.path];
  if (name === undefined || node.value === null) return [];
  return [[name, { place: node.place, node: { ...node, path: joined(node.path, name) } }]];
}
