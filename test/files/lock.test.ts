import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { acquireLock, lockOwner } from '../../src/files/lock.js';
import { isLinux, until } from '../cli/processes.js';

const BUILT = path.join(import.meta.dirname, '../../dist/src/files/lock.js');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-lock-'));
const ME = { what: 'out.parquet', who: 'the test' };
const HELD =
  /^\[lock\] out\.parquet is in use by process (\d+) \((.*)\) on (\S+) since \d{4}-\S+Z, expected nobody; wait for it$/;
let number = 0;
let folder = '';
let lock = '';

beforeEach(() => {
  folder = path.join(scratch, String(number++));
  fs.mkdirSync(folder);
  lock = path.join(folder, 'lock');
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

/** A process of its own, which is told what to do with locks. */
class Locker {
  private readonly answers: AsyncIterator<string>;

  constructor(private readonly child: ChildProcessByStdio<Writable, Readable, null>) {
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static start(...nodeArguments: string[]): Locker {
    const program = path.join(import.meta.dirname, 'locker.mjs');
    const child = spawn(process.execPath, [...nodeArguments, program, BUILT], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return new Locker(child);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  async tell(command: 'take' | 'verify' | 'release' | 'owner', file: string): Promise<string> {
    this.child.stdin.write(`${command} ${file}\n`);
    return (await this.answers.next()).value;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

/** Changes what the lock's claim says, as only the owner's process could have said it. */
function rewrite(changes: Record<string, unknown>): void {
  fs.writeFileSync(lock, JSON.stringify({ ...JSON.parse(fs.readFileSync(lock, 'utf8')), ...changes }));
}

/** Both try at once; the one that won. */
async function race(pair: readonly [Locker, Locker], file: string): Promise<Locker> {
  const answers = await Promise.all(pair.map((locker) => locker.tell('take', file)));
  const won = answers.indexOf('won');
  expect(won).toBeGreaterThanOrEqual(0);
  expect(answers[1 - won]).toMatch(HELD);
  expect(HELD.exec(answers[1 - won])?.slice(1)).toEqual([String(pair[won].pid), 'job 7', os.hostname()]);
  return pair[won];
}

describe('two processes that want the same', () => {
  it('have one winner in each of 50 races, and the winner leaves nothing', async () => {
    const pair = [Locker.start(), Locker.start()] as const;
    const winners = new Set<Locker>();
    for (let i = 0; i < 50; i++) {
      const winner = await race(pair, lock);
      winners.add(winner);
      expect(await winner.tell('verify', lock)).toBe('ours');
      expect(await winner.tell('release', lock)).toBe('released');
      expect(fs.readdirSync(folder)).toEqual([]);
    }
    console.log(`winners: ${winners.size} of 2 processes`);
  });

  it('have one winner in each of 50 races for the lock of a dead one', async () => {
    const mortal = Locker.start();
    const locks = Array.from({ length: 50 }, (_, i) => path.join(folder, `lock${i}`));
    for (const file of locks) expect(await mortal.tell('take', file)).toBe('won');
    await mortal.end('SIGKILL');
    const pair = [Locker.start(), Locker.start()] as const;
    for (const file of locks) {
      const winner = await race(pair, file);
      expect(await winner.tell('verify', file)).toBe('ours');
      expect(lockOwner(file)).toMatchObject({ pid: winner.pid, who: 'job 7', isHere: true });
    }
    expect(fs.readdirSync(folder).sort()).toEqual(locks.map((file) => path.basename(file)).sort());
  });

  it('hand it on: while both take and leave it, it is never held twice', async () => {
    const program = path.join(import.meta.dirname, 'holdInTurn.mjs');
    const ends = [0, 1].map(async () => {
      const child = spawn(process.execPath, [program, BUILT, lock, '100'], { stdio: 'inherit' });
      return (await once(child, 'exit'))[0];
    });
    expect(await Promise.all(ends)).toEqual([0, 0]);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('a lock whose owner is gone', () => {
  it('is taken over from a killed one, again and again', async () => {
    for (let i = 0; i < 3; i++) {
      const owner = Locker.start();
      expect(await owner.tell('take', lock)).toBe('won');
      expect(() => acquireLock(lock, ME)).toThrow(HELD);
      await owner.end('SIGKILL');
      expect(lockOwner(lock)).toBeNull();
    }
    const held = acquireLock(lock, ME);
    held.verify();
    held.release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('is free when the process ended by itself', async () => {
    const owner = Locker.start();
    expect(await owner.tell('take', lock)).toBe('won');
    await owner.end('SIGTERM');
    acquireLock(lock, ME).release();
  });

  it.skipIf(!isLinux)('is taken over when its number belongs to another process now', async () => {
    const owner = Locker.start();
    expect(await owner.tell('take', lock)).toBe('won');
    await owner.end('SIGKILL');
    // This process is alive, and began at another moment than the dead one.
    rewrite({ pid: process.pid });
    expect(lockOwner(lock)).toBeNull();
    acquireLock(lock, ME).release();
  });

  it.skipIf(!isLinux)('is taken over after a restart of the machine, whatever process has the number', () => {
    acquireLock(lock, ME);
    expect(() => acquireLock(lock, ME)).toThrow(HELD);
    rewrite({ boot: '00000000-0000-0000-0000-000000000000' });
    acquireLock(lock, ME).release();
  });

  it.skipIf(!isLinux)('is taken over from one that its parent has not fetched yet', async () => {
    // The shell becomes a program that never asks how its child ended.
    const command = `"${process.execPath}" --input-type=module -e "$1" "$2" "$3" & exec sleep 1000`;
    const program = `const { acquireLock } = await import(process.argv[1]);
      acquireLock(process.argv[2], { what: 'x', who: 'y' });
      process.kill(process.pid, 'SIGKILL');`;
    const parent = spawn('sh', ['-c', command, 'sh', program, BUILT, lock], { stdio: 'ignore' });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const pid = await until(() => fs.existsSync(lock) && (JSON.parse(fs.readFileSync(lock, 'utf8')).pid as number));
    await until(() => /^State:\s*Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8')));
    process.kill(pid, 0);
    acquireLock(lock, ME).release();
  });

  it('is clean of what killed contenders left', () => {
    const nonce = '0123456789abcdef0123456789abcdef';
    for (const rest of [`.${nonce}`, `.${nonce}.new`, '.notes', '-other']) fs.writeFileSync(lock + rest, '{}');
    acquireLock(lock, ME).release();
    expect(fs.readdirSync(folder)).toEqual(['lock-other', 'lock.notes']);
  });
});

describe('a lock whose owner may be at work', () => {
  it('is left to a process that is stopped', async () => {
    const owner = Locker.start();
    expect(await owner.tell('take', lock)).toBe('won');
    process.kill(owner.pid, 'SIGSTOP');
    if (isLinux) await until(() => / T /.test(fs.readFileSync(`/proc/${owner.pid}/stat`, 'utf8')));
    expect(() => acquireLock(lock, ME)).toThrow(HELD);
    process.kill(owner.pid, 'SIGCONT');
    expect(await owner.tell('verify', lock)).toBe('ours');
  });

  it.each([
    ['another machine', { host: 'elsewhere' }],
    ['another machine of the same name', { machine: '0123456789abcdef' }],
    ['a machine that does not tell when it was started', { boot: null }],
    ['another container', { namespace: 'pid:[1] time:[1]' }],
  ])('is left to %s, and the message says what to remove', (_, changes) => {
    acquireLock(lock, ME);
    // A number that no process has.
    rewrite({ pid: 2 ** 22 + 1, ...changes });
    expect(() => acquireLock(lock, ME)).toThrow(
      new RegExp(`in use by process 4194305 .*; wait for it, or remove ${lock} if that machine or container is gone$`),
    );
    expect(lockOwner(lock)).toMatchObject({ isHere: false });
    fs.rmSync(lock);
    acquireLock(lock, ME).release();
  });

  it('is left alone if its file says nothing', () => {
    for (const text of ['', '{"nonce":"../../x","pid":1}', '{"pid":-1}', 'null']) {
      fs.writeFileSync(lock, text);
      expect(() => acquireLock(lock, ME)).toThrow(
        `[lock] out.parquet is in use by a process that left no name in ${lock}, expected nobody; remove ${lock}* if no precis is at work there`,
      );
    }
    expect(fs.readdirSync(folder)).toEqual(['lock']);
  });

  it('is held against its own process too, which says what to do in its own words', () => {
    const held = acquireLock(lock, ME);
    expect(() => acquireLock(lock, { ...ME, action: 'cancel it' })).toThrow(/, expected nobody; cancel it$/);
    held.release();
  });
});

describe('a lock that was taken away by hand', () => {
  const LOST =
    /^\[lock\] the lock of out\.parquet is no longer ours, expected .*lock as this process made it; run again/;

  it('is noticed, and what came in its place is left alone', async () => {
    const held = acquireLock(lock, ME);
    held.verify();
    fs.rmSync(lock);
    expect(() => held.verify()).toThrow(LOST);
    const other = Locker.start();
    expect(await other.tell('take', lock)).toBe('won');
    expect(() => held.verify()).toThrow(LOST);
    held.release();
    expect(await other.tell('verify', lock)).toBe('ours');
  });

  it('and one that was released', () => {
    const held = acquireLock(lock, ME);
    held.release();
    held.release();
    expect(() => held.verify()).toThrow(LOST);
  });
});

describe('a disk that gives no lock', () => {
  it('a folder that is not there', () => {
    const missing = path.join(folder, 'missing', 'lock');
    expect(() => acquireLock(missing, ME)).toThrow(
      `[lock] ${missing} cannot be made, expected a place that can be written`,
    );
    expect(lockOwner(missing)).toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)('a folder without permission', () => {
    fs.chmodSync(folder, 0o555);
    expect(() => acquireLock(lock, ME)).toThrow(`[lock] no permission to write ${lock}`);
    fs.chmodSync(folder, 0o755);
  });

  it.for([
    [
      'full',
      'size=8k',
      /^\[lock\] no space left on the disk of .*lock, expected room for the files to write; free some space$/,
    ],
    [
      'read-only',
      'size=8k,ro',
      /^\[lock\] .*lock is on a read-only file system, expected a folder that can be written$/,
    ],
  ] as const)('a %s one', ([, options, message], test) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      console.log('skipped: this user may not mount a file system');
      return test.skip();
    }
    onTestFinished(() => void execFileSync('umount', [folder]));
    if (!options.endsWith('ro')) {
      expect(() => fs.writeFileSync(path.join(folder, 'big'), Buffer.alloc(1 << 20))).toThrow(/ENOSPC/);
    }
    expect(() => acquireLock(lock, ME)).toThrow(message);
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  });
});
