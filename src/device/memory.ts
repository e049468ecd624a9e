import { existsSync, readFileSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Memory {
  readonly totalBytes: number;
  /** What could be had without swapping. */
  readonly availableBytes: number;
  /** The control group's limit (of a container, a service or a batch job), if it has one below the machine's memory. */
  readonly limitBytes: number | null;
}

/** `root` is where /proc and /sys are looked for. */
export function readMemory(root = '/'): Memory {
  const totalBytes = os.totalmem();
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readIfThere(path.join(root, 'proc/meminfo')))?.[1];
  const limit = Math.min(...cgroupLimits(root));
  return {
    totalBytes,
    availableBytes: available === undefined ? os.freemem() : Number(available) * 1024,
    limitBytes: limit < totalBytes ? limit : null,
  };
}

/** Limits hold for a group and all below it, so each one on the way up counts. Version 2 first, then version 1. */
function cgroupLimits(root: string): number[] {
  const lines = readIfThere(path.join(root, 'proc/self/cgroup')).split('\n');
  const limits: number[] = [];
  for (const line of lines) {
    const [, controllers, group] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (group === undefined) continue;
    const unified = controllers === '';
    if (!unified && !controllers.split(',').includes('memory')) continue;
    const base = path.join(root, 'sys/fs/cgroup', unified ? '' : 'memory');
    const file = unified ? 'memory.max' : 'memory.limit_in_bytes';
    for (let at = group; ; at = path.dirname(at)) {
      const value = Number(readIfThere(path.join(base, at, file)).trim() || Number.NaN);
      if (Number.isFinite(value)) limits.push(value);
      if (at === '/' || at === '.') break;
    }
  }
  return limits;
}

/** What the kernel says of transparent huge pages: `always`, `madvise` or `never`; null where there is no such setting. */
export function readHugePages(root = '/'): string | null {
  const text = readIfThere(path.join(root, 'sys/kernel/mm/transparent_hugepage/enabled'));
  return /\[(\w+)\]/.exec(text)?.[1] ?? null;
}

/** Free bytes for this user where the folder is, or would be made. */
export function freeDiskBytes(folder: string): number {
  let there = path.resolve(folder);
  while (!existsSync(there)) there = path.dirname(there);
  const { bavail, bsize } = statfsSync(there);
  return bavail * bsize;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
