import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { causes, collected, cut, functionOf, pooled, scratchFolder, until } from './pools.js';

const PROGRAM = path.join(import.meta.dirname, 'functions/program.mjs');
const linux = process.platform === 'linux';
if (!linux) console.log('skipped: the processes of another one are only told by Linux');

type Said = Record<string, unknown>;

class Program {
  readonly said: Said[] = [];
  readonly child: ChildProcess;
  private readonly end: Promise<unknown[]>;

  constructor(isolation: string, what: string, { nodeOptions = [] as string[], folder = scratchFolder() } = {}) {
    this.child = spawn(process.execPath, [...nodeOptions, PROGRAM, isolation, what, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own, as a shell gives it.
      detached: true,
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.said.push(JSON.parse(line)));
    this.end = once(this.child, 'close');
  }

  /** [exit code, signal] */
  ended(): Promise<unknown[]> {
    return this.end;
  }

  async heard(key: string): Promise<Said> {
    await until(() => this.said.some((said) => key in said));
    return this.said.find((said) => key in said)!;
  }

  async hostPid(): Promise<number> {
    return (await this.heard('pid')).pid as number;
  }
}

/** A zombie that its new parent has not looked at yet has ended too. */
function lives(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(!linux)('a program with a pool', () => {
  it.each(['thread', 'process'])('ends after close, with %s isolation; nothing holds it', async (isolation) => {
    const program = new Program(isolation, 'closed');
    expect(await program.ended()).toEqual([0, null]);
    expect((await program.heard('timers')).timers).toEqual([]);
    expect(program.said.filter((said) => 'partition' in said && !('kind' in said))).toHaveLength(2);
    if (isolation === 'process') expect(lives(await program.hostPid())).toBe(false);
  });

  it.each(['thread', 'process'])('ends without close too, with %s isolation', async (isolation) => {
    const program = new Program(isolation, 'abandoned');
    expect(await program.ended()).toEqual([0, null]);
    if (isolation === 'process') {
      const host = await program.hostPid();
      await until(() => !lives(host));
    }
  });

  it.each([
    ['exit', 3],
    ['close', 0],
  ])('ends a working thread at a sign of life and not inside native code, at its %s', async (how, code) => {
    const folder = scratchFolder();
    const program = new Program('thread', `${how} at work`, { folder });
    expect(await program.ended()).toEqual([code, null]);
    const marks = (kind: string) => readdirSync(folder).filter((name) => name.startsWith(kind)).length;
    expect(marks('begun')).toBeGreaterThanOrEqual(3);
    expect(marks('over')).toBe(marks('begun'));
  });

  it('that is killed takes its host with it, in the middle of work', async () => {
    const program = new Program('process', 'until cancelled');
    const host = await program.hostPid();
    await until(() => program.said.filter(({ kind }) => kind === 'worker-ready').length === 2);
    expect(lives(host)).toBe(true);
    program.child.kill('SIGKILL');
    await until(() => !lives(host));
  });

  it('decides what Ctrl-C means: its host goes on until it is closed', async () => {
    const program = new Program('process', 'interrupted');
    await until(() => program.said.filter(({ kind }) => kind === 'worker-ready').length === 2);
    process.kill(-program.child.pid!, 'SIGINT');
    expect(await program.ended()).toEqual([0, null]);
    expect(await program.heard('answers')).toEqual({ answers: 40, interrupted: true });
    expect(program.said.filter(({ kind }) => kind === 'retry')).toEqual([]);
    expect(lives(await program.hostPid())).toBe(false);
  });

  it('keeps its memory flat when it takes the answers slowly', async () => {
    const program = new Program('process', 'flat memory', { nodeOptions: ['--max-old-space-size=64'] });
    expect(await program.ended()).toEqual([0, null]);
    const [early, late] = program.said.filter((said) => 'rss' in said);
    expect(late.rows).toBe(400);
    // The 350 MB in between would stand out, had they been read ahead.
    expect((late.rss as number) - (early.rss as number)).toBeLessThan(120e6);
  });
});

describe.skipIf(!linux)('a pool that is closed', () => {
  const threads = () => readdirSync('/proc/self/task').length;

  it('leaves no thread', async () => {
    const { pool: first } = await pooled(functionOf('openUpper'));
    await first.close();
    const before = threads();
    const { pool } = await pooled(functionOf('openUpper'), { workers: 3 });
    await collected(pool.map(cut(['a', 'b', 'c'], 1)));
    expect(threads()).toBeGreaterThanOrEqual(before + 3);
    await pool.close();
    await until(() => threads() <= before);
  });

  it('ends its host though a worker is inside native code, where no request reaches it', async () => {
    const spec = functionOf('openTroubled', { folder: scratchFolder() });
    const { pool, events } = await pooled(spec, { isolation: 'process', hangSeconds: 1 });
    expect(await collected(pool.map(cut(['a', '!native', 'b'], 1)))).toEqual(['A', '!NATIVE', 'B']);
    expect(causes(events)).toEqual([expect.stringMatching(/^worker \d gave no sign for 1 s$/)]);
    const host = events.find((event) => event.kind === 'host-started')!;
    await pool.close();
    expect(lives(host.pid)).toBe(false);
  });
});
