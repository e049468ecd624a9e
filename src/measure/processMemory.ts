import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  /** The most resident memory that the process ever had, in bytes. */
  readonly peak: number;
  /** What it has now, each shared page counted in equal parts to those who share it. */
  readonly proportional: number;
}

/** Linux only: read from /proc. */
export function processMemory(pid: number): ProcessMemory {
  return {
    peak: kilobytes(`/proc/${pid}/status`, 'VmHWM') * 1024,
    proportional: kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss') * 1024,
  };
}

/** The most resident memory that this process ever had, in bytes. */
export function peakMemory(): number {
  // On Linux maxRSS also counts what the parent had when it started us.
  if (process.platform === 'linux') return kilobytes('/proc/self/status', 'VmHWM') * 1024;
  return process.resourceUsage().maxRSS * 1024;
}

function kilobytes(file: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'));
  if (!match) throw new Error(`${file} has no ${field}`);
  return Number(match[1]);
}
