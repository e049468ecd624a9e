import { readdirSync, readFileSync } from 'node:fs';

/** The processes of others are only told by Linux. */
export const isLinux = process.platform === 'linux';

/** The child of a process that runs precis' engine host. */
export function hostOf(pid: number): number | undefined {
  return childrenOf(pid).find((child) => commandOf(child).includes('pool/host.js'));
}

export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

/** Waits for what is sure to come; the test's own time limit ends it otherwise. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function parentOf(name: string): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readIfThere(`/proc/${name}/status`))?.[1]);
}

function commandOf(pid: number): string {
  return readIfThere(`/proc/${pid}/cmdline`);
}

/** It may end while we look. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
