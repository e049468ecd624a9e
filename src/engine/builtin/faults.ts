import { PrecisError } from '../../errors.js';

/**
 * What a text can do to `builtin:echo?faults=1`, for tests of everything around an engine:
 *
 * - `[[crash]]` kills the process with SIGKILL; `[[exit]]` ends the thread (outside of a worker: the process); `[[hang]]` stands still for ever.
 * - `[[fail]]` fails, and with it the call, which is then tried again in halves as with any model: only this row stays failed.
 * - `[[flaky]]` fails in every call of several texts, and in the first one that it has to itself in a worker's life; then it is answered. So with one
 *   worker that does not die, its row fails in a first pass and is answered when it is tried again.
 */
export class Faults {
  /** Texts that were refused when they were alone. */
  private readonly refused = new Set<string>();

  /** `company`: how many texts the call has. */
  meet(text: string, company: number): void {
    const fault = /\[\[(crash|exit|hang|fail|flaky)\]\]/.exec(text)?.[1];
    if (fault === 'crash') process.kill(process.pid, 'SIGKILL');
    if (fault === 'crash' || fault === 'hang') standStill();
    if (fault === 'exit') process.exit(7);
    if (fault === 'fail' || (fault === 'flaky' && this.refuses(text, company))) {
      throw new PrecisError('model', { found: 'a fault that was asked for', expected: 'none' });
    }
  }

  private refuses(text: string, company: number): boolean {
    if (company > 1) return true;
    const wasRefused = this.refused.has(text);
    this.refused.add(text);
    return !wasRefused;
  }
}

/** Without a sign of life and without a core's time. */
function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
