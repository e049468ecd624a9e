import { nearestName, PrecisError } from '../../errors.js';
import type { SpecNode } from './node.js';

/** More names than that are no help where one is near. */
const MOST_NAMES = 15;

/** Everything that is wrong with a spec, told at once. */
export class Problems {
  private readonly found: { readonly where: string; readonly line: string }[] = [];

  constructor(readonly label: string) {}

  get count(): number {
    return this.found.length;
  }

  /** `where` is `job.yaml:7:3`, or however else the place is found. */
  add(where: string, found: string, expected?: string, action?: string): void {
    const line = `${where}: ${found}${expected ? `, expected ${expected}` : ''}${action ? `; ${action}` : ''}`;
    if (!this.found.some((other) => other.line === line)) this.found.push({ where, line });
  }

  wrong(node: SpecNode, expected: string, action?: string): void {
    this.add(node.place, `${node.path || 'the spec'} is ${shown(node)}`, expected, action);
  }

  unknown(place: string, path: string, known: readonly string[], hint?: string): void {
    const [name] = path.split('.').slice(-1);
    const nearest = nearestName(name, known);
    const action = hint ?? (nearest === null ? undefined : `did you mean ${nearest}?`);
    const isShort = known.length <= MOST_NAMES || action === undefined;
    this.add(place, `${path} is not known`, isShort ? `one of ${known.join(', ')}` : undefined, action);
  }

  /** With a single problem the message is that problem; with several they are its details. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const lines = [...this.found].sort((a, b) => inFile(a.where) - inFile(b.where)).map(({ line }) => line);
    if (lines.length === 1) throw new PrecisError('usage', { found: lines[0] });
    throw new PrecisError('usage', { found: `${this.label} has ${lines.length} problems`, details: lines });
  }
}

/** Lines and columns as one number; what has none comes first. */
function inFile(where: string): number {
  const place = /:(\d+):(\d+)$/.exec(where);
  return place ? Number(place[1]) * 1e6 + Number(place[2]) : 0;
}

/** A value for a message. What came from an environment variable may be a secret and is never shown. */
export function shown(node: SpecNode): string {
  if (node.variables.length > 0) return `the value of ${node.variables.map((name) => `\${${name}}`).join(', ')}`;
  const { value } = node;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value instanceof Map) return 'a map of names to values';
  if (value === null) return 'nothing';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
