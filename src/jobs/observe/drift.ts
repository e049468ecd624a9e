import type { JobRecord } from '../record.js';
import type { JobSpec } from '../types.js';

/** More runs than these say little of what is usual now. */
const LAST_RUNS = 10;

type Lengths = { readonly input: number; readonly output: number };

/**
 * Mean tokens of a computed row against the mean of the last runs that ended well, of the same name or, without one, the same output:
 * 1 is as ever, 2 twice as long. null if there is nothing to compare.
 */
export function drift(record: JobRecord, previous: readonly JobRecord[]): JobRecord['drift'] {
  const now = lengths(record);
  const before = previous
    .filter((other) => other.id !== record.id && other.state === 'done' && isSame(other, record))
    .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
    .map(lengths)
    .filter((other) => other !== null)
    .slice(0, LAST_RUNS);
  if (now === null || before.length === 0) return null;
  const ratio = (of: keyof Lengths) => {
    const usual = before.reduce((sum, other) => sum + other[of], 0) / before.length;
    // Models that write no tokens have no output length.
    return usual === 0 ? 1 : now[of] / usual;
  };
  return { input_length: ratio('input'), output_length: ratio('output'), runs: before.length };
}

/** null where the spec names no price. */
export function cost(tokens: Pick<JobRecord, 'input_tokens' | 'output_tokens'>, spec: JobSpec['cost']): number | null {
  if (spec === null) return null;
  return ((tokens.input_tokens + tokens.output_tokens) / 1000) * spec.perThousandTokens;
}

function lengths(record: JobRecord): Lengths | null {
  // Rows that were taken over cost no tokens now.
  const rows = record.succeeded - record.carried - record.cached;
  if (rows <= 0 || record.input_tokens === 0) return null;
  return { input: record.input_tokens / rows, output: record.output_tokens / rows };
}

function isSame(a: JobRecord, b: JobRecord): boolean {
  return b.name === null ? a.name === null && a.output === b.output : a.name === b.name;
}
