import fs from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const doomed = new Set<string>();

/** Has the folder removed if the process exits or is asked to stop before the returned function is called. */
export function removeOnExit(folder: string): () => void {
  if (doomed.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, removeAndStop);
  }
  doomed.add(folder);
  return () => {
    if (!doomed.delete(folder) || doomed.size > 0) return;
    process.off('exit', removeAll);
    for (const signal of SIGNALS) process.off(signal, removeAndStop);
  };
}

function removeAll(): void {
  for (const folder of doomed) fs.rmSync(folder, { recursive: true, force: true });
}

function removeAndStop(signal: NodeJS.Signals): void {
  // Whoever else listens decides what the signal means; the work may go on and then cleans up after itself.
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  // Without a listener the signal does what it does by default, so that the parent sees how the process ended.
  process.off(signal, removeAndStop);
  process.kill(process.pid, signal);
}
