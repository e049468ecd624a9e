import { parse } from 'yaml';
import type { Scalar, SpecEntry, SpecNode } from './node.js';
import type { Problems } from './problems.js';

const VARIABLE = /\$?\$\{([^}]*)\}/g;
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

export type Environment = Readonly<Record<string, string | undefined>>;

/** A scalar as YAML reads it: a number, true, null, or the text itself. */
export function readScalar(text: string): Scalar {
  try {
    const value: unknown = parse(text, { logLevel: 'silent' });
    return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : text;
  } catch {
    // Something like `{` or `*x`, which YAML would not end: a text, as it was typed.
    return text;
  }
}

/**
 * The spec with `${NAME}` and `${NAME:-default}` replaced in its values; `$${` is a plain `${`. Fields in `left` stay as they are: a shell reads
 * `onFailure`, and knows variables itself.
 */
export function replaceVariables(
  node: SpecNode,
  environment: Environment,
  problems: Problems,
  left: readonly string[],
): SpecNode {
  if (left.includes(node.path)) return node;
  const inner = (child: SpecNode) => replaceVariables(child, environment, problems, left);
  const { value } = node;
  if (Array.isArray(value)) return { ...node, value: value.map(inner) };
  if (value instanceof Map) {
    const entries = [...value].map(([name, entry]): [string, SpecEntry] => [
      name,
      { ...entry, node: inner(entry.node) },
    ]);
    return { ...node, value: new Map(entries) };
  }
  return typeof value === 'string' ? replacedText(node, value, environment, problems) : node;
}

function replacedText(node: SpecNode, text: string, environment: Environment, problems: Problems): SpecNode {
  if (!text.includes(`\${`)) return node;
  const variables: string[] = [];
  const replaced = text.replace(VARIABLE, (whole, inside: string) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    const parts = NAME.exec(inside);
    if (parts === null) {
      problems.add(node.place, `${node.path} has ${JSON.stringify(whole)}`, `\${NAME} or \${NAME:-default}`);
      return '';
    }
    const [, name, otherwise] = parts;
    variables.push(name);
    // As in a shell: an empty variable takes the default too.
    const found = otherwise === undefined ? environment[name] : environment[name] || otherwise;
    if (found !== undefined) return found;
    problems.add(
      node.place,
      `the environment variable ${name} of ${node.path} is not set`,
      'a value',
      `set it or write \${${name}:-default}`,
    );
    return '';
  });
  if (variables.length === 0) return { ...node, value: replaced };
  return { ...node, value: readScalar(replaced), typed: replaced, variables };
}
