import { describe, expect, it, vi } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { openPool } from '../../src/pool/pool.js';
import { causes, collected, cut, functionOf, numbered, pooled, scratchFolder, troubled } from './pools.js';

const upper = (texts: readonly string[]) => texts.map((text) => text.toUpperCase());
/** Where a hang is to be noticed; elsewhere a busy machine must not be taken for one. */
const HANGS = { '!loop': 1, '!silent': 1, '!stop': 1 } as const;
const hangSeconds = (kind: string) => HANGS[kind as keyof typeof HANGS];

const IN_A_THREAD = [
  ['!exit', /^worker \d exited with code 7$/],
  ['!uncaught', /^worker \d failed: TypeError: thrown outside of the task$/],
  ['!loop', /^worker \d gave no sign for 1 s$/],
  ['!silent', /^worker \d gave no sign for 1 s$/],
] as const;

const OF_THE_HOST = [
  ['!kill', /^the engine host was killed by SIGKILL$/],
  ['!segv', /^the engine host was killed by SIGSEGV$/],
  ['!stop', /^the engine host gave no sign for 1 s$/],
  ['!abort', /^the engine host was killed by SIGABRT$/],
] as const;

describe.each([
  ...IN_A_THREAD.map(([kind, cause]) => ['thread', kind, cause] as const),
  ...IN_A_THREAD.map(([kind, cause]) => ['process', kind, cause] as const),
  ...OF_THE_HOST.map(([kind, cause]) => ['process', kind, cause] as const),
])('with %s isolation, two deaths by %s', (isolation, kind, cause) => {
  it('leave every row once, as in an undisturbed run, and are told', async () => {
    const folder = scratchFolder();
    const spec = functionOf('openTroubled', { folder, rowMs: 1 });
    const { pool, events } = await pooled(spec, { isolation, hangSeconds: hangSeconds(kind) });
    const texts = troubled(kind, 60, 2);
    const attempts: number[] = [];
    const answers: (string | null)[] = [];
    for await (const answer of pool.map(cut(texts, 6))) {
      attempts.push(answer.attempts);
      answers.push(...Array.from(answer.batch.getChildAt(0)!));
    }
    expect(answers).toEqual(upper(texts));
    expect(causes(events).length).toBeGreaterThanOrEqual(2);
    for (const told of causes(events)) expect(told).toMatch(cause);
    expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(10 + causes(events).length);
  });
});

describe.each(['thread', 'process'] as const)('with %s isolation', (isolation) => {
  it('a partition that always kills its worker is named, with all causes, after the answers before it', async () => {
    const { pool, events } = await pooled(functionOf('openTroubled'), { isolation, maxRetries: 2 });
    const texts = numbered(12);
    texts[7] = '!exit';
    const answers: number[] = [];
    const failure = (async () => {
      for await (const { partition } of pool.map(cut(texts, 3))) answers.push(partition);
    })();
    const error: PrecisError = await failure.catch((caught) => caught);
    expect(error).toBeInstanceOf(PrecisError);
    expect(error.message).toMatch(/^\[pool\] partition 2 \(rows 6 to 8\) was tried 3 times and its worker died/);
    expect(error.details).toHaveLength(3);
    expect(error.details[2]).toMatch(/^attempt 3: worker \d exited with code 7$/);
    expect(answers).toEqual([0, 1]);
    expect(causes(events)).toHaveLength(2);
    expect(await collected(pool.map(cut(['afterwards'], 1)))).toEqual(['AFTERWARDS']);
  });

  it('no retries means that the first death fails', async () => {
    const { pool } = await pooled(functionOf('openTroubled'), { isolation, maxRetries: 0 });
    await expect(collected(pool.map(cut(['!exit'], 1)))).rejects.toThrow('partition 0 (rows 0 to 0) was tried once');
  });

  it.each(['exit', 'uncaught', 'loop'])('a worker that dies by %s while it starts is started again', async (how) => {
    const spec = functionOf('openDying', { folder: scratchFolder(), times: 2, how });
    const { pool } = await pooled(spec, { isolation, hangSeconds: hangSeconds(`!${how}`) });
    expect(await collected(pool.map(cut(numbered(4), 1)))).toEqual(upper(numbered(4)));
  });

  it('workers that always die while they start are given up', async () => {
    const opening = openPool(functionOf('openDying'), { workers: 2, isolation, maxRetries: 2 });
    await expect(opening).rejects.toThrow(
      /^\[pool\] worker \d died 3 times while it was started \(worker \d exited with code 7\)/,
    );
  });
});

describe('with process isolation', () => {
  it('a partition that always kills the host is the one that is named, not those beside it', async () => {
    const spec = functionOf('openTroubled', { rowMs: 20 });
    const { pool } = await pooled(spec, { isolation: 'process', maxRetries: 2 });
    const texts = ['!kill', ...numbered(40)];
    // Partition 1 takes far longer than partition 0 needs to kill the host.
    const partitions = [...cut(texts.slice(0, 1), 1), ...cut(texts.slice(1), 40)];
    const order = [partitions[1], partitions[0]];
    const answered: number[] = [];
    const failure = (async () => {
      for await (const { partition } of pool.map(order)) answered.push(partition);
    })();
    await expect(failure).rejects.toThrow('partition 1 (rows 40 to 40) was tried 3 times');
    expect(answered).toEqual([0]);
  });

  it('a host that always dies while it starts is given up', async () => {
    const spec = functionOf('openDying', { how: 'kill' });
    await expect(openPool(spec, { workers: 1, isolation: 'process', maxRetries: 1 })).rejects.toThrow(
      '[pool] the engine host died 2 times while it was started (the engine host was killed by SIGKILL)',
    );
  });

  it('a host that dies while it is idle is replaced, which costs no attempt', async () => {
    const { pool, events } = await pooled(functionOf('openUpper'), { isolation: 'process' });
    expect(await collected(pool.map(cut(['a'], 1)))).toEqual(['A']);
    const first = events.find((event) => event.kind === 'host-started')!;
    process.kill(first.pid, 'SIGKILL');
    expect(await collected(pool.map(cut(['b'], 1)))).toEqual(['B']);
    expect((await pool.memory()).hostPeakBytes).toBeGreaterThan(20e6);
  });

  it('a worker that runs out of memory is replaced', async () => {
    // The host takes over our environment; the default limit of some gigabytes would take long to reach.
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=64');
    const { pool, events } = await pooled(functionOf('openTroubled', { folder: scratchFolder() }), {
      isolation: 'process',
    });
    vi.unstubAllEnvs();
    expect(await collected(pool.map(cut(['a', '!memory', 'b'], 1)))).toEqual(['A', '!MEMORY', 'B']);
    for (const told of causes(events)) expect(told).toMatch(/memory limit|heap out of memory/);
    expect(causes(events).length).toBeGreaterThanOrEqual(1);
  });
});
