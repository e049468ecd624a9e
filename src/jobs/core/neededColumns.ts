import type { JobSpec } from '../types.js';

/** What the first pass reads: the texts, what names a row, and what the input's contract speaks of. */
export function neededColumns(spec: JobSpec): string[] {
  return [...new Set([...spec.columns.flatMap(({ text }) => text), ...spec.key, ...Object.keys(spec.input.columns)])];
}
