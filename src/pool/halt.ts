import { Pulse } from './messages.js';

/** How long the end of a process or of a pool waits for workers to come out of native code. */
const HALT_MS = 2000;
const LOOK_MS = 10;

/**
 * Native code that returns into a thread that is being ended brings down the whole process. So a thread that works is first asked to stand still
 * where it gives its next sign of life, and ended there. One that gives none in time is ended wherever it is.
 */
export async function halted(words: Int32Array, works: () => boolean): Promise<void> {
  Atomics.store(words, Pulse.halt, 1);
  const end = performance.now() + HALT_MS;
  while (works() && Atomics.load(words, Pulse.stands) === 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Of the workers of this process that work at present. */
const working = new Set<Int32Array>();

export function begins(words: Int32Array): void {
  if (working.size === 0) process.on('exit', haltAll);
  working.add(words);
}

export function ends(words: Int32Array): void {
  working.delete(words);
  if (working.size === 0) process.off('exit', haltAll);
}

/** Node ends all threads when it has told of its exit; a program may end at any time, by an error of its own. */
function haltAll(): void {
  const end = performance.now() + HALT_MS;
  for (const words of working) Atomics.store(words, Pulse.halt, 1);
  for (const words of working) Atomics.wait(words, Pulse.stands, 0, Math.max(0, end - performance.now()));
}
