import type { PoolEvent } from '../pool/types.js';

/** Tells of each death of a worker or a host as it happens: a run that is slow because of them should not be a riddle. */
export function sayRetry(event: PoolEvent, say: (line: string) => void): void {
  if (event.kind === 'retry') say(`${event.cause}; what it had at work is done again`);
}
