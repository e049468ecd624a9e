import fs from 'node:fs';

export interface ResourceUse {
  readonly cpu_seconds: number;
  readonly peak_memory_bytes: number;
}

/** What this process uses: processor time since the meter was made, and the most memory since the process began. */
export class ResourceMeter {
  private readonly start = process.cpuUsage();

  read(): ResourceUse {
    const { user, system } = process.cpuUsage(this.start);
    // The system's figure may count what stood in this process before node was started in it; Linux' own does not.
    const peak = peakMemory('self') ?? process.resourceUsage().maxRSS * 1024;
    return { cpu_seconds: (user + system) / 1e6, peak_memory_bytes: peak };
  }
}

/** The same of another process that is still there; null where only Linux could tell. */
export function processUse(pid: number): ResourceUse | null {
  const peak = peakMemory(String(pid));
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (peak === null || stat === null) return null;
  // The name in brackets may hold anything; user and system time are the 14th and 15th field, in hundredths.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpu_seconds: (Number(fields[11]) + Number(fields[12])) / 100, peak_memory_bytes: peak };
}

function peakMemory(process: string): number | null {
  const match = /^VmHWM:\s*(\d+) kB/m.exec(readIfThere(`/proc/${process}/status`) ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
