import { PrecisError } from '../../errors.js';

/** Ends a run that takes longer than its spec allows, as a signal from outside would. */
export class Deadline {
  readonly signal: AbortSignal;
  private readonly own = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly seconds: number | null,
    outer: AbortSignal,
  ) {
    this.signal = AbortSignal.any([outer, this.own.signal]);
    if (seconds === null) return;
    // Timers hold no more than 31 bits of milliseconds; what runs for weeks is ended by a second look at the next commit.
    this.timer = setTimeout(() => this.own.abort(this.error()), Math.min(seconds * 1000, 2 ** 31 - 1));
    this.timer.unref();
  }

  /** Why the run ended, if this is why. */
  passed(): PrecisError | null {
    return this.own.signal.aborted ? this.error() : null;
  }

  clear(): void {
    clearTimeout(this.timer);
  }

  private error(): PrecisError {
    return new PrecisError('job', {
      found: `the job has run for ${this.seconds} s`,
      expected: 'at most that (deadline)',
      action: 'resume it: what is done is kept',
    });
  }
}
