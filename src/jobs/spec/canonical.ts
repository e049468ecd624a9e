import type { JobSpec } from '../types.js';

/** The spec as JSON in which equal specs are equal texts: names sorted at every level. */
export function specToJson(spec: JobSpec, indent?: number): string {
  return JSON.stringify(sorted(spec), null, indent);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]));
}
