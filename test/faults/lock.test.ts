import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { acquireLock, lockOwner } from '../../src/files/lock.js';
import { type Faults, faultVariables, operationsIn, PRELOAD } from './faults.js';

const BUILT = path.join(import.meta.dirname, '../../dist/src/files/lock.js');
// A process for each step, one after the other.
vi.setConfig({ testTimeout: 600_000 });

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-lock-faults-'));
const log = path.join(scratch, 'log');
const NO_LINKS: Partial<Faults> = { kinds: ['link'], fail: { n: 1, errno: 'ENOTSUP', forever: true } };
let number = 0;
let folder = '';
let lock = '';
/** What a process that was killed left as its lock. */
let deadClaim: Buffer;

function freshFolder(): void {
  folder = path.join(scratch, String(number++));
  lock = path.join(folder, 'lock');
  fs.mkdirSync(folder);
}

/** Starts where a dead process left its lock. */
function deadLock(): void {
  freshFolder();
  fs.writeFileSync(lock, deadClaim);
}

function variables(faults: Partial<Faults>, program: string): NodeJS.ProcessEnv {
  return { ...process.env, ...faultVariables({ under: [folder], program, ...faults }) };
}

/** A process that takes the lock and leaves it; what it said, and how it ended. */
function take(faults: Partial<Faults>) {
  const program = path.join(import.meta.dirname, 'takeLock.mjs');
  const { stdout, signal, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, program, BUILT, lock], {
    encoding: 'utf8',
    env: variables(faults, 'takeLock.mjs'),
  });
  expect(stderr).toBe('');
  return { said: stdout.trimEnd(), signal };
}

/** Whatever happened to others, the lock can be had and leaves nothing behind. */
function expectFree(): void {
  expect(lockOwner(lock)).toBeNull();
  const held = acquireLock(lock, { what: 'out.parquet', who: 'the test' });
  held.verify();
  expect(fs.readdirSync(folder)).toEqual(['lock']);
  held.release();
  expect(fs.readdirSync(folder)).toEqual([]);
}

beforeAll(() => {
  freshFolder();
  // The second thing that is removed is the lock itself, when it is released.
  expect(take({ kinds: ['unlink'], kill: { n: 2 } })).toEqual({ said: 'won', signal: 'SIGKILL' });
  deadClaim = fs.readFileSync(lock);
});
beforeEach(freshFolder);
afterAll(() => fs.rmSync(scratch, { recursive: true }));

/** What it takes to take a lock over and to leave it. */
const STEPS = ['open', 'write', 'fsync', 'link', 'rename', 'unlink', 'unlink'];

describe('taking over the lock of a dead process', () => {
  it('takes these steps', () => {
    deadLock();
    expect(take({ log })).toEqual({ said: 'won', signal: null });
    expect(operationsIn(log).map(({ kind }) => kind)).toEqual(STEPS);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('may end by a kill at each of them, and the next one gets the lock', () => {
    for (let n = 1; n <= STEPS.length; n++) {
      for (const when of ['half', 'after'] as const) {
        deadLock();
        expect(take({ kill: { n, when } }).signal).toBe('SIGKILL');
        expectFree();
      }
    }
  });

  it('may fail at each of them, and says so or goes on', () => {
    for (let n = 1; n <= STEPS.length; n++) {
      for (const forever of [false, true]) {
        deadLock();
        const { said } = take({ fail: { n, errno: 'ENOSPC', forever } });
        const full = `[lock] no space left on the disk of ${lock}, expected room for the files to write; free some space`;
        // What cannot be removed is removed by the next one.
        expect(said).toBe(STEPS[n - 1] === 'unlink' ? 'won' : full);
        if (!forever && said === full) expect(fs.readdirSync(folder)).toEqual(['lock']);
        expectFree();
      }
    }
  });
});

describe('where there are no hard links', () => {
  it('a lock is held and taken over all the same', () => {
    expect(take(NO_LINKS)).toEqual({ said: 'won', signal: null });
    expect(fs.readdirSync(folder)).toEqual([]);
    deadLock();
    expect(take(NO_LINKS)).toEqual({ said: 'won', signal: null });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('two processes that take and leave it never hold it at once', async () => {
    const program = path.join(import.meta.dirname, '../files/holdInTurn.mjs');
    const ends = [1, 2].map(async () => {
      const child = spawn(process.execPath, ['--import', PRELOAD, program, BUILT, lock, '60'], {
        env: variables(NO_LINKS, 'holdInTurn.mjs'),
        stdio: 'inherit',
      });
      return (await once(child, 'exit'))[0];
    });
    expect(await Promise.all(ends)).toEqual([0, 0]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
