import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { openPool } from '../../src/pool/pool.js';
import { collected, cut, functionOf, numbered, pooled, scratchFolder, textBatch, textsOf, until } from './pools.js';

/** A source that counts how far it was pulled and whether it was told to stop. */
function counted(rows: number) {
  const state = { pulled: 0, returned: false };
  async function* source() {
    try {
      for (let row = 0; row < rows; row++) {
        state.pulled++;
        yield textBatch([`row ${row}`]);
      }
    } finally {
      state.returned = true;
    }
  }
  return { state, source };
}

describe.each(['thread', 'process'] as const)('a pool with %s isolation', (isolation) => {
  it.each(isolation === 'thread' ? [1, 2, 4] : [1, 4])(
    'with %i workers gives the answers in order, whatever the partition size',
    async (workers) => {
      const texts = numbered(500).map((text, row) => (row % 7 === 0 ? null : text));
      const expected = texts.map((text) => text?.toUpperCase() ?? null);
      const { pool } = await pooled(functionOf('openUpper'), { workers, isolation });
      for (const rows of [3, 13, 256, 500, 1000]) {
        expect(await collected(pool.map(cut(texts, rows)))).toEqual(expected);
      }
    },
  );

  it('tells partition, attempts and counts, and takes batches without rows', async () => {
    const { pool } = await pooled(functionOf('openTroubled', { folder: scratchFolder() }), { isolation });
    const answers = [];
    for await (const answer of pool.map([textBatch(['a', 'b']), textBatch([]), textBatch(['c'])])) answers.push(answer);
    expect(
      answers.map(({ partition, attempts, counts, batch }) => [partition, attempts, counts, textsOf(batch)]),
    ).toEqual([
      [0, 1, { rows: 2 }, ['A', 'B']],
      [1, 1, { rows: 0 }, []],
      [2, 1, { rows: 1 }, ['C']],
    ]);
    expect(await collected(pool.map([]))).toEqual([]);
  });

  it('deals numbers, devices and threads to the workers', async () => {
    const devices = ['cuda:0', 'cuda:1'];
    const { pool } = await pooled(functionOf('openSetting'), { workers: 3, devices, threadsPerWorker: 2, isolation });
    const settings = (await collected(pool.map(cut(numbered(60), 1)))).map((text) => JSON.parse(text!));
    const workers = new Map(settings.map(({ worker, device, threads }) => [worker, [device, threads]]));
    for (const [worker, seen] of workers) expect(seen).toEqual([devices[worker % 2], 2]);
    expect(new Set(settings.map(({ threadId }) => threadId)).size).toBe(workers.size);
    expect(settings.every(({ pid }) => (pid === process.pid) === (isolation === 'thread'))).toBe(true);
  });

  it('reads ahead by twice the workers and two, no further', async () => {
    const { pool } = await pooled(functionOf('openUpper'), { workers: 2, isolation });
    const { state, source } = counted(100);
    const answers = pool.map(source())[Symbol.asyncIterator]();
    expect(state.pulled).toBe(0);
    for (let taken = 1; taken <= 20; taken++) {
      await answers.next();
      await until(() => state.pulled === taken + 6);
      // Long enough for every worker to answer, had it been given more.
      await collected(pool.map(cut(numbered(20), 1)));
      expect(state.pulled).toBe(taken + 6);
    }
    await answers.return?.();
    expect(state).toEqual({ pulled: 26, returned: true });
  });

  it('shares the workers between maps that overlap', async () => {
    const { pool } = await pooled(functionOf('openTroubled', { rowMs: 5 }), { workers: 1, isolation });
    const finished: string[] = [];
    const run = async (name: string, rows: number) => {
      await collected(pool.map(cut(numbered(rows), 1)));
      finished.push(name);
    };
    await Promise.all([run('long', 60), run('short', 5)]);
    expect(finished).toEqual(['short', 'long']);
  });
});

describe.each(['thread', 'process'] as const)('errors with %s isolation', (isolation) => {
  it('of the function come after the answers before them, name the partition, and are not tried again', async () => {
    const { pool, events } = await pooled(functionOf('openTroubled', {}), { isolation });
    const { state, source } = counted(1000);
    async function* troubled() {
      let row = 0;
      for await (const batch of source()) yield row++ === 7 ? textBatch(['!throw']) : batch;
    }
    const texts: (string | null)[] = [];
    const failure = (async () => {
      for await (const { batch } of pool.map(troubled())) texts.push(...textsOf(batch));
    })();
    const error: PrecisError = await failure.catch((caught) => caught);
    expect(error).toBeInstanceOf(PrecisError);
    expect(error.message).toBe('[function] partition 7 (rows 7 to 7): RangeError: a row that nobody can answer');
    expect(error.details[0]).toContain('functions.mjs');
    expect(error.cause).toHaveProperty('name', 'RangeError');
    expect(texts).toEqual(numbered(7).map((text) => text.toUpperCase()));
    expect(events.filter(({ kind }) => kind === 'retry')).toEqual([]);
    expect(state.returned).toBe(true);
    expect(state.pulled).toBeLessThan(1000);
    expect(await collected(pool.map([textBatch(['on it goes'])]))).toEqual(['ON IT GOES']);
  });

  it('of our own kind arrive as they were thrown', async () => {
    const { pool } = await pooled(functionOf('openRefusing'), { isolation, workers: 1 });
    const error: PrecisError = await collected(pool.map(cut(['a'], 1))).catch((caught) => caught);
    expect(error).toBeInstanceOf(PrecisError);
    expect(error.message).toBe('[input] row 3 is too long, expected at most 512 tokens; cut it');
    expect([error.scope, error.details]).toEqual(['input', ['row 3: 700 tokens', 'row 4: 800 tokens']]);
  });

  it('of the source come after the answers before them', async () => {
    const { pool } = await pooled(functionOf('openUpper'), { isolation });
    const texts: (string | null)[] = [];
    async function* source() {
      for (let row = 0; row < 9; row++) yield textBatch([`row ${row}`]);
      throw new PrecisError('parquet', { found: 'a page is broken' });
    }
    const failure = (async () => {
      for await (const { batch } of pool.map(source())) texts.push(...textsOf(batch));
    })();
    await expect(failure).rejects.toThrow('[parquet] a page is broken');
    expect(texts).toHaveLength(9);
  });

  it('tell of an answer with other rows, of a missing export, of a failed start', async () => {
    const { pool } = await pooled(functionOf('openShort'), { isolation });
    await expect(collected(pool.map(cut(numbered(4), 4)))).rejects.toThrow(
      '[function] the function answered 3 rows, expected a batch of 4 rows, as many as it was given',
    );
    for (const name of ['openNothing', 'notAFunction']) {
      await expect(openPool(functionOf(name), { isolation })).rejects.toThrow(`exports no function ${name}`);
    }
    await expect(openPool(functionOf('openFailing'), { workers: 1, isolation })).rejects.toThrow(
      '[function] worker 0 while it was opened: TypeError: no such model',
    );
  });
});

describe.each(['thread', 'process'] as const)('the end of a map with %s isolation', (isolation) => {
  it.each(['openUntilCancelled', 'openBusyUntilCancelled'])(
    'by a signal cancels %s and frees its worker',
    async (name) => {
      const folder = scratchFolder();
      const { pool } = await pooled(functionOf(name, { folder }), { workers: 2, isolation });
      const controller = new AbortController();
      const failure = collected(pool.map(cut(['a', 'b', 'c', 'd', 'e'], 1), { signal: controller.signal }));
      await until(() => readdirSync(folder).length === 2);
      controller.abort(new Error('enough'));
      await expect(failure).rejects.toThrow('enough');
      await until(() => readdirSync(folder).length === 4);
      expect(readdirSync(folder).sort()).toEqual(['cancelled_a', 'cancelled_b', 'started_a', 'started_b']);
    },
  );

  it('by its signal is over when the source has ended too', async () => {
    const { pool } = await pooled(functionOf('openUpper'), { isolation });
    const controller = new AbortController();
    let pulled = 0;
    let ended = false;
    async function* source() {
      try {
        for (;;) {
          pulled++;
          yield textBatch(['a']);
        }
      } finally {
        await new Promise((resolve) => setTimeout(resolve, 50));
        ended = true;
      }
    }
    const failure = (async () => {
      for await (const _ of pool.map(source(), { signal: controller.signal })) {
        // Two workers: six partitions that wait and the one in our hands. Nothing is being pulled then.
        await until(() => pulled === 7);
        controller.abort(new Error('enough'));
      }
    })();
    await expect(failure).rejects.toThrow('enough');
    expect(ended).toBe(true);
  });

  it('by an early return stops the work and the source', async () => {
    const { pool } = await pooled(functionOf('openTroubled', { rowMs: 2 }), { isolation });
    const { state, source } = counted(1000);
    for await (const { partition } of pool.map(source())) if (partition === 3) break;
    expect(state).toEqual({ pulled: 10, returned: true });
    expect(await collected(pool.map(cut(numbered(5), 2)))).toHaveLength(5);
  });

  it('by close cancels what runs, closes the function and refuses what comes later', async () => {
    const folder = scratchFolder();
    const { pool } = await pooled(functionOf('openUntilCancelled', { folder }), { workers: 2, isolation });
    const failure = collected(pool.map([textBatch(['a'])]));
    await until(() => readdirSync(folder).length === 1);
    const closed = pool.close();
    await expect(failure).rejects.toThrow('[pool] the pool was closed; open another');
    await closed;
    const marks = readdirSync(folder).map((mark) => mark.replace(/_\d+$/, ''));
    expect(marks.sort()).toEqual(['cancelled_a', 'closed', 'closed', 'started_a']);
    await expect(collected(pool.map([textBatch(['a'])]))).rejects.toThrow('[pool] the pool was closed');
  });

  it('by a signal that was there before', async () => {
    const { pool } = await pooled(functionOf('openUpper'), { isolation });
    const { state, source } = counted(10);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(collected(pool.map(source(), { signal }))).rejects.toThrow('too late');
    expect(state.pulled).toBe(0);
  });
});
