export const INTERRUPTED = 130;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ends a command that was asked to stop; what the user should know of it is in the message. */
export class Interrupted extends Error {}

let running: AbortController | null = null;

/** Ctrl-C and SIGTERM: work that can clean up is asked to stop; a second signal, or one without such work, ends the process at once. */
export function endOnSignals(): void {
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (running === null || running.signal.aborted) process.exit(INTERRUPTED);
      process.exitCode = INTERRUPTED;
      running.abort(new Interrupted('interrupted'));
    });
  }
}

/** Runs work that stops and cleans up when its signal is aborted. `left` says what an interrupted run leaves behind. */
export async function interruptible<T>(
  left: string | (() => string),
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  running = controller;
  try {
    return await work(controller.signal);
  } catch (error) {
    // Whatever broke off first: the cause is the signal.
    if (controller.signal.aborted) throw new Interrupted(typeof left === 'string' ? left : left(), { cause: error });
    throw error;
  } finally {
    running = null;
  }
}
