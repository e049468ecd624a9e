/** The most and the least often that we look. */
const LEAST_INTERVAL_MS = 20;
const MOST_INTERVAL_MS = 1000;

/** Until what was just started must have given its first sign: before that it loads our code, not the function's. */
const START_SECONDS = 60;

/** What is watched, and who is told. */
export interface Silence {
  readonly seconds: number;
  /** Signs of life so far. */
  readonly signs: () => number;
  /** Called once, after so many seconds without a new sign. */
  readonly onSilence: (seconds: number) => void;
  readonly onLook?: () => void;
}

/**
 * Looks in small steps and counts none for more than two of them: time in which this process itself stood still (a stopped terminal job, a laptop
 * asleep) says nothing about the one that is watched. Returns how to stop it.
 */
export function watchSilence({ seconds, signs, onSilence, onLook }: Silence): () => void {
  const step = Math.min(Math.max((seconds * 1000) / 10, LEAST_INTERVAL_MS), MOST_INTERVAL_MS);
  let silentMs = 0;
  let seen = signs();
  let looked = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const heard = signs();
    silentMs = heard === seen ? silentMs + Math.min(now - looked, 2 * step) : 0;
    seen = heard;
    looked = now;
    onLook?.();
    const limit = heard === 0 ? Math.max(seconds, START_SECONDS) : seconds;
    if (silentMs < limit * 1000) return;
    clearInterval(timer);
    onSilence(limit);
  }, step);
  timer.unref();
  return () => clearInterval(timer);
}
