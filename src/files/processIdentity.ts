import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';

/** A process, told from every other one before and after it, on this machine and on others. What the system does not tell is null. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Process numbers are used again; a number and the time of its start are not. Counted since the boot, so that clocks do not matter. */
  readonly started: string | null;
  readonly boot: string | null;
  /** In another container the same number is another process, and ours do not see it. */
  readonly namespace: string | null;
  readonly host: string;
  /** Hosts may share a name (localhost) and a disk. */
  readonly machine: string | null;
}

const isLinux = process.platform === 'linux';

let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    started: lookAt(process.pid)?.started ?? null,
    boot: isLinux ? readLine('/proc/sys/kernel/random/boot_id') : run('sysctl', ['-n', 'kern.bootsessionuuid']),
    namespace: namespaceOf(),
    host: os.hostname(),
    machine: machineOf(),
  };
  return own;
}

/**
 * Whether the process is at work, gone, or somewhere that cannot be seen from here. Only a process that is surely gone is `dead`: one that is
 * stopped, or of another user, is alive.
 */
export function lifeOf(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const here = thisProcess();
  if (identity.host !== here.host || identity.machine !== here.machine) return 'unknown';
  if (identity.boot !== here.boot) return identity.boot !== null && here.boot !== null ? 'dead' : 'unknown';
  if (identity.namespace !== here.namespace) return 'unknown';
  return isGone(identity) ? 'dead' : 'alive';
}

function isGone({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not for lack of permission: then it is there, also where /proc hides the processes of others.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const seen = lookAt(pid);
  if (seen === null) return false;
  return seen.isZombie || (started !== null && seen.started !== null && started !== seen.started);
}

interface Seen {
  readonly started: string | null;
  /** Ended, but not yet fetched by its parent; none of its threads is left. */
  readonly isZombie: boolean;
}

function lookAt(pid: number): Seen | null {
  if (!isLinux) return lookWithPs(pid);
  const line = readLine(`/proc/${pid}/stat`);
  if (line === null) return null;
  // The second field is the program's name, which may hold blanks and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, threads, started] = [fields[0], Number(fields[17]), fields[19]];
  return { started: started ?? null, isZombie: (state === 'Z' || state === 'X') && threads <= 1 };
}

function lookWithPs(pid: number): Seen | null {
  const line = run('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)]);
  const [, state, started] = /^(\S+)\s+(.+)$/.exec(line ?? '') ?? [];
  return state === undefined ? null : { started, isZombie: state.startsWith('Z') };
}

function namespaceOf(): string | null {
  try {
    // Of the time namespace depends what start times are counted from.
    return ['pid', 'time'].map((kind) => fs.readlinkSync(`/proc/self/ns/${kind}`)).join(' ');
  } catch {
    return null;
  }
}

/** A hash: the id itself is not for files that others read (man machine-id). */
function machineOf(): string | null {
  const id = readLine('/etc/machine-id');
  return id ? createHash('sha256').update(`precis lock ${id}`).digest('hex').slice(0, 16) : null;
}

function readLine(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function run(command: string, args: readonly string[]): string | null {
  try {
    // The same words for the same time, whatever the user's language and zone.
    const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
    return execFileSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch {
    return null;
  }
}
