/** The most and the least often that we look. */
const LEAST_INTERVAL_MS = 20;
const MOST_INTERVAL_MS = 1000;

/**
 * Calls `onSilence` once when `signs` has not changed for as many seconds. Looks in small steps and counts none for more than two of them: time
 * in which this process itself stood still (a stopped terminal job, a laptop asleep) says nothing about the one that is watched.
 */
export function watchSilence(
  seconds: number,
  signs: () => number,
  onSilence: () => void,
  onLook?: () => void,
): () => void {
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
    if (silentMs < seconds * 1000) return;
    stop();
    onSilence();
  }, step);
  timer.unref();
  const stop = () => clearInterval(timer);
  return stop;
}
