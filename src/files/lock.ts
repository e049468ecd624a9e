import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { type Claim, newClaim, readClaim } from './lockClaim.js';
import { writeProblem } from './problems.js';
import { lifeOf } from './processIdentity.js';
import { removeQuietly } from './removeQuietly.js';

// A lock is a file that says who holds it: the root. Two processes never both hold it, and one that died never keeps it:
// - A claim gets its name by link(), which fails if the name is taken, and is whole from then on.
// - Of a dead root's successors the first to link ROOT.<nonce of the dead> owns the lock; if it dies too, the first after that nonce, and so on.
//   A nonce is never used again, so nobody takes a successor's name for another's.
// - Whoever has linked a successor looks whether the root is still the one it started from. If not, somebody owned and left the lock meanwhile:
//   it starts over. If so, it alone may change the root, and renames its claim to be the root itself.
// - So all that matters is the root and what follows from it. The owner removes everything else: remains of processes that were killed at this.

export interface LockOptions {
  /** What is locked, as the message names it: `out.parquet`, `job 20261121T153322-4f9a`. */
  readonly what: string;
  /** What this process does with it, for whoever finds it locked: `job 20261121T153322-4f9a`. */
  readonly who: string;
  /** What whoever finds it locked can do; default: wait for it. */
  readonly action?: string;
}

export interface Lock {
  readonly file: string;
  /** Throws if the lock was taken away by hand: another process may be at work. */
  verify(): void;
  /** May be called again. An exit of the process releases too; a killed one is recognised by the next. */
  release(): void;
}

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly who: string;
  readonly since: string;
  /** Whether the process is one of this machine that was seen to be alive, so that it may be sent a signal. */
  readonly isHere: boolean;
}

/** File systems say in these ways that they have no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);

/** Each time somebody else owned and left the lock in between. */
const MOST_TRIES = 1000;

/** Takes the lock or says who has it. Its folder must be there. */
export function acquireLock(file: string, { what, who, action }: LockOptions): Lock {
  const mine = newClaim(who);
  const temporary = `${successor(file, mine.nonce)}.new`;
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const found = walk(file);
      if (found.owner !== null) throw inUse(file, found.owner, { what, action });
      writeNew(temporary, JSON.stringify(mine));
      if (!claimName(temporary, found.free, mine)) continue;
      if (becomeRoot(file, temporary, found, mine)) {
        removeOthers(file);
        return hold(file, what, mine);
      }
    }
  } catch (error) {
    throw writeProblem(error, file, 'lock');
  } finally {
    removeQuietly(temporary);
  }
  throw new PrecisError('lock', {
    found: `${what} changed hands ${MOST_TRIES} times`,
    expected: 'a moment without an owner',
  });
}

/** Who holds the lock now, or null. Makes and changes nothing. */
export function lockOwner(file: string): LockOwner | null {
  const { owner } = walk(file);
  if (owner === null) return null;
  if (owner === 'unreadable') return { pid: 0, host: 'unknown', who: 'unknown', since: 'unknown', isHere: false };
  const { pid, host, who, since } = owner;
  return { pid, host, who, since, isHere: lifeOf(owner) === 'alive' };
}

interface Found {
  /** The claim of a process that is not surely dead. */
  readonly owner: Claim | 'unreadable' | null;
  /** The nonce of a dead root. */
  readonly root: string | null;
  /** The name that the next owner has to link. */
  readonly free: string;
}

function walk(file: string): Found {
  let root: string | null = null;
  const seen = new Set<string>();
  for (let at = file; ; ) {
    const claim = readClaim(at);
    if (claim === null) return { owner: null, root, free: at };
    if (claim === 'unreadable' || seen.has(claim.nonce)) return { owner: 'unreadable', root, free: at };
    if (lifeOf(claim) !== 'dead') return { owner: claim, root, free: at };
    root ??= claim.nonce;
    seen.add(claim.nonce);
    at = successor(file, claim.nonce);
  }
}

function successor(file: string, nonce: string): string {
  return `${file}.${nonce}`;
}

function writeNew(temporary: string, text: string): void {
  const handle = fs.openSync(temporary, 'w');
  try {
    fs.writeFileSync(handle, text);
    // Else a power cut could leave a claim without words, which nobody may take over.
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Whether the name is ours now. False: somebody was faster, or removed our temporary file as a remain. */
function claimName(temporary: string, name: string, mine: Claim): boolean {
  try {
    fs.linkSync(temporary, name);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    // A file server may have made the link and lost the answer.
    if (code === 'EEXIST') return isNonce(name, mine.nonce);
    if (!NO_LINKS.has(code)) throw error;
    return claimWithoutLinks(name, JSON.stringify(mine));
  }
}

function claimWithoutLinks(name: string, text: string): boolean {
  let handle: number;
  try {
    handle = fs.openSync(name, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    fs.writeFileSync(handle, text);
    return true;
  } catch (error) {
    removeQuietly(name);
    throw error;
  } finally {
    fs.closeSync(handle);
  }
}

/** False if the claim was made behind a root that is not there any more. */
function becomeRoot(file: string, temporary: string, { root, free }: Found, mine: Claim): boolean {
  if (root === null) return true;
  try {
    if (!isNonce(file, root)) return false;
    fs.renameSync(temporary, file);
    return true;
  } catch (error) {
    // It may have happened all the same, and then nobody else would get the lock before this process ends.
    if (isNonce(file, mine.nonce)) removeQuietly(file);
    throw error;
  } finally {
    // As the root we need the name no longer; otherwise it leads nowhere, or must not look as if we owned the lock.
    removeQuietly(free);
  }
}

function isNonce(file: string, nonce: string): boolean {
  const claim = readClaim(file);
  return claim !== null && claim !== 'unreadable' && claim.nonce === nonce;
}

/** What cannot be removed is left to the next owner. Only the owner may: whoever is linking one of these names at this moment sees that the root has changed, or makes its file anew. */
function removeOthers(file: string): void {
  const prefix = `${path.basename(file)}.`;
  const folder = path.dirname(file);
  try {
    for (const name of fs.readdirSync(folder)) {
      const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      if (/^[0-9a-f]{32}(\.new)?$/.test(rest)) removeQuietly(path.join(folder, name));
    }
  } catch {
    // A folder that may be written but not listed: the remains are small.
  }
}

const held = new Set<() => void>();
const releaseAll = () => {
  for (const release of held) release();
};

function hold(file: string, what: string, { nonce }: Claim): Lock {
  const release = () => {
    if (!held.delete(release)) return;
    if (held.size === 0) process.off('exit', releaseAll);
    try {
      if (isNonce(file, nonce)) removeQuietly(file);
    } catch {
      // It cannot be read any more: whoever finds it later sees that this process is gone.
    }
  };
  const verify = () => {
    if (held.has(release) && isNonce(file, nonce)) return;
    throw new PrecisError('lock', {
      found: `the lock of ${what} is no longer ours`,
      expected: `${file} as this process made it`,
      action: 'run again, and leave that file alone while a process is at work',
    });
  };
  if (held.size === 0) process.on('exit', releaseAll);
  held.add(release);
  return { file, verify, release };
}

function inUse(
  file: string,
  owner: Claim | 'unreadable',
  { what, action }: Pick<LockOptions, 'what' | 'action'>,
): PrecisError {
  if (owner === 'unreadable') {
    return new PrecisError('lock', {
      found: `${what} is in use by a process that left no name in ${file}`,
      expected: 'nobody',
      action: `remove ${file}* if no precis is at work there`,
    });
  }
  const { pid, who, host, since } = owner;
  const isSeen = lifeOf(owner) !== 'unknown';
  return new PrecisError('lock', {
    found: `${what} is in use by process ${pid} (${who}) on ${host} since ${since}`,
    expected: 'nobody',
    action: `${action ?? 'wait for it'}${isSeen ? '' : `, or remove ${file} if that machine or container is gone`}`,
  });
}
