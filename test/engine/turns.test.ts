import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixedDocuments } from '../../scripts/parity/documents.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type Engine, openEngine } from '../../src/engine/index.js';

const home = mkdtempSync(join(tmpdir(), 'precis-turns-'));
process.env.PRECIS_HOME = join(home, 'home');
const folder = join(home, 'model');
const inputs = mixedDocuments({ count: 40, shortest: 1, longest: 90, vocabSize: 384 }).map((ids) => ({
  ids: Int32Array.from(ids),
  truncated: false,
}));
const [few, many] = [inputs.slice(0, 12), inputs.slice(12)];
const options = { numBeams: 2, maxNewTokens: 20 };
let engine: Engine;

beforeAll(async () => {
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny', seed: 2 });
  engine = await openEngine(folder, { precision: 'int8', batchRows: 16 });
});
afterAll(async () => {
  await engine.close();
  rmSync(home, { recursive: true });
});

const ids = async (rows: typeof inputs) =>
  (await engine.generate(rows, options)).map(({ sequences }) => [...sequences[0].tokenIds]);

/** The caches are one engine's, so calls must not mix. */
describe('calls on one engine', () => {
  it('that overlap give what they give one after the other', async () => {
    const alone = [await ids(few), await ids(many)];
    const target = [[Int32Array.of(5, 1)]];
    const [scored] = await engine.score([few[0]], target);
    const together = await Promise.all([ids(few), engine.score([few[0]], target), ids(many)]);
    expect([together[0], together[2]]).toEqual(alone);
    expect(together[1][0][0].score).toBe(scored[0].score);
  });

  it('give a sign after each run of a graph, and hear of an abort between two documents that are encoded', async () => {
    let signs = 0;
    await engine.generate([few[0]], { numBeams: 1, minNewTokens: 5, maxNewTokens: 5 }, { onWork: () => signs++ });
    expect(signs).toBe(6);
    const stop = new AbortController();
    const onWork = () => {
      if (++signs === 8) stop.abort();
    };
    await expect(engine.generate(many, options, { onWork, signal: stop.signal })).rejects.toThrow(/abort/i);
    expect(signs).toBe(8);
  });

  it('that fail leave nothing behind for the next', async () => {
    const before = await ids(many);
    const stop = new AbortController();
    const aborted = engine.generate(inputs, options, {
      signal: stop.signal,
      onResult: () => stop.abort(),
    });
    await expect(aborted).rejects.toThrow(/abort/i);
    const broken = () => {
      throw new Error('no room for it');
    };
    await expect(engine.generate(inputs, options, { onResult: broken })).rejects.toThrow('no room for it');
    expect(await ids(many)).toEqual(before);
  });
});
