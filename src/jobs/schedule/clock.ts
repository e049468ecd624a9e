import { setTimeout as wait } from 'node:timers/promises';

/** What a schedule and a watch know of time. */
export interface Clock {
  /** Milliseconds since 1970: goes back and forward as the machine's clock is set. */
  now(): number;
  /** Resolves after about so many milliseconds, or at once when the signal is aborted; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => {}),
};
