import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixedDocuments } from '../../scripts/parity/documents.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type Engine, type GenerateHooks, type GenerationOptions, openEngine } from '../../src/engine/index.js';

const home = mkdtempSync(join(tmpdir(), 'precis-interrupted-'));
process.env.PRECIS_HOME = join(home, 'home');
const checkpoint = join(home, 't5');
beforeAll(() => writeSeededCheckpoint({ out: checkpoint, family: 't5', size: 'tiny', seed: 11 }));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const inputs = mixedDocuments({ count: 30, shortest: 1, longest: 150, vocabSize: 384 }).map((ids) => {
  return { ids, truncated: false };
});
const open = () => openEngine(checkpoint, { precision: 'fp32', batchRows: 16 });

async function outputs(engine: Engine, options: GenerationOptions, of = inputs) {
  const results = await engine.generate(of, options);
  return results.map(({ sequences }) => sequences.map(({ tokenIds, score }) => ({ ids: [...tokenIds], score })));
}

/** The caches and their lengths outlive a call: what an interrupted one left there must not be seen by the next. */
describe.each<[string, GenerationOptions]>([
  ['greedy', { numBeams: 1, maxNewTokens: 24 }],
  ['beams', { numBeams: 4, maxNewTokens: 24 }],
])('an engine after an interrupted call: %s', (_name, options) => {
  let expected: Awaited<ReturnType<typeof outputs>>;

  beforeAll(async () => {
    const engine = await open();
    expected = await outputs(engine, options);
    await engine.close();
  });

  async function interrupt(hooks: GenerateHooks, message: string): Promise<void> {
    const engine = await open();
    try {
      await expect(engine.generate(inputs, options, hooks)).rejects.toThrow(message);
      // In the middle: some documents were done, others were being decoded or waiting.
      expect(engine.stats.documents).toBeGreaterThan(0);
      expect(engine.stats.documents).toBeLessThan(inputs.length);
      expect(await outputs(engine, options)).toEqual(expected);
      expect(await outputs(engine, options, inputs.slice(0, 3))).toEqual(expected.slice(0, 3));
    } finally {
      await engine.close();
    }
  }

  it('aborted by its signal', async () => {
    const controller = new AbortController();
    let done = 0;
    const onResult = () => {
      if (++done === 5) controller.abort(new Error('enough'));
    };
    await interrupt({ onResult, signal: controller.signal }, 'enough');
  });

  it('whose caller threw at a result', async () => {
    let done = 0;
    const onResult = () => {
      if (++done === 5) throw new Error('no room for it');
    };
    await interrupt({ onResult }, 'no room for it');
  });
});
