import { readdirSync, readFileSync } from 'node:fs';

export interface TreePeaks {
  /** Resident bytes of all processes together, at their common peak: a page that two of them share counts twice. */
  readonly resident: number;
  /** The same with shared pages counted once. Looked at less often: the kernel has to walk through all pages. */
  readonly proportional: number;
}

const EVERY_MS = 100;
/** Looks at the shared pages, and for new processes, once in so many samples. */
const SELDOM = 5;

/** Watches the memory of a process and of all that it starts, until `stop`. Linux only. */
export class TreeMemory {
  private resident = 0;
  private proportional = 0;
  private samples = 0;
  private tree: readonly string[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.sample(), EVERY_MS);
  }

  stop(): TreePeaks {
    clearInterval(this.timer);
    return { resident: this.resident, proportional: this.proportional };
  }

  private sample(): void {
    if (this.samples % SELDOM === 0) this.tree = processTree(this.pid);
    this.resident = Math.max(this.resident, sumOf(this.tree, 'status', 'VmRSS'));
    if (this.samples % SELDOM === 0) {
      this.proportional = Math.max(this.proportional, sumOf(this.tree, 'smaps_rollup', 'Pss'));
    }
    this.samples++;
  }
}

function processTree(root: number): string[] {
  const parents = new Map<string, string>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(name, field(name, 'status', 'PPid') ?? '');
  }
  const tree = [String(root)];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

function sumOf(pids: readonly string[], file: string, name: string): number {
  return pids.reduce((sum, pid) => sum + 1024 * Number(field(pid, file, name) ?? 0), 0);
}

/** Null of a process that ended meanwhile. */
function field(pid: string, file: string, name: string): string | null {
  try {
    return new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
