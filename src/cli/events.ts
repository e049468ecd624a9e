import type { PoolEvent } from '../pool/types.js';

/** Tells of what a death of a worker or a host costs as it happens: a run that is slow because of them should not be a riddle. */
export function sayRetry(event: PoolEvent, say: (line: string) => void): void {
  if (event.kind === 'retry') say(`partition ${event.partition} is tried again: ${event.cause}`);
}
