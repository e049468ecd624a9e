import { PrecisError } from '../errors.js';
import { Stopped } from '../jobs/core/stopped.js';

export const FAILED = 1;
export const WRONG_USAGE = 2;
/** A job went past its error threshold. */
export const PAST_THRESHOLD = 3;
const MOST_DETAILS = 50;

/** One line that says what to do, then the details; the stack only when asked for. Returns the exit code. */
export function reportError(error: unknown, debug: boolean): number {
  const known = error instanceof PrecisError ? error : null;
  const lines = [`precis: ${known ? known.message : `[internal] ${(error as Error)?.message ?? String(error)}`}`];
  // A message of someone else's library may have many lines: one stays, the others are details.
  const [first, ...rest] = lines[0].split(/\r?\n/);
  const details = [...rest, ...(known?.details ?? [])];
  const shown = details.slice(0, MOST_DETAILS);
  if (details.length > MOST_DETAILS) shown[MOST_DETAILS - 1] = `... and ${details.length - MOST_DETAILS + 1} more`;
  process.stderr.write(`${[first, ...shown.map((detail) => `  ${detail}`)].join('\n')}\n`);
  if (debug) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) process.stderr.write(`${at.stack}\n`);
  }
  if (error instanceof Stopped) return PAST_THRESHOLD;
  return known?.scope === 'usage' ? WRONG_USAGE : FAILED;
}
