import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { readProblem } from './problems.js';
import { type ProcessIdentity, thisProcess } from './processIdentity.js';

/** What a lock's file says: never changed once it has its name. */
export interface Claim extends ProcessIdentity {
  /** Names the claim, and the file in which the next claim lies if this one's owner died. */
  readonly nonce: string;
  /** What the process is doing, for people. */
  readonly who: string;
  /** ISO 8601, for people: nothing is concluded from it. */
  readonly since: string;
}

export function newClaim(who: string): Claim {
  return { ...thisProcess(), nonce: randomBytes(16).toString('hex'), who, since: new Date().toISOString() };
}

/** Null if there is no such file; `unreadable` if it says nothing that a lock says. */
export function readClaim(file: string): Claim | 'unreadable' | null {
  // Where there are no hard links a claim has its name a moment before its text.
  for (let tries = 0; tries < 20; tries++) {
    const text = readIfThere(file);
    if (text === null) return null;
    const claim = parseClaim(text);
    if (claim) return claim;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return 'unreadable';
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw readProblem(error, file, 'lock');
  }
}

function parseClaim(text: string): Claim | null {
  try {
    const { nonce, pid, started, boot, namespace, host, machine, who, since } = JSON.parse(text);
    const isText = [nonce, host, who, since].every((value) => typeof value === 'string');
    const isTextOrNull = [started, boot, namespace, machine].every(
      (value) => value === null || typeof value === 'string',
    );
    // The nonce becomes part of a file's name, and signal 0 to a process number below 1 would ask about whole groups.
    if (!isText || !isTextOrNull || !/^[0-9a-f]{32}$/.test(nonce) || !Number.isSafeInteger(pid) || pid < 1) return null;
    return { nonce, pid, started, boot, namespace, host, machine, who: plain(who), since: plain(since) };
  } catch {
    return null;
  }
}

/** For a line on a terminal. */
function plain(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 200);
}
