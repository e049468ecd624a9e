import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mixedDocuments } from '../../scripts/parity/documents.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type GenerationOptions, openEngine } from '../../src/engine/index.js';

const home = mkdtempSync(join(tmpdir(), 'precis-refill-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const checkpoint = join(home, 't5');
beforeAll(() => writeSeededCheckpoint({ out: checkpoint, family: 't5', size: 'tiny', seed: 11 }));

const DOCUMENTS = mixedDocuments({ count: 60, shortest: 5, longest: 100, vocabSize: 384 });

async function generate(options: GenerationOptions, refill: boolean) {
  const engine = await openEngine(checkpoint, { precision: 'int8', batchRows: 16, refill });
  const results = await engine.generate(
    DOCUMENTS.map((ids) => ({ ids, truncated: false })),
    options,
  );
  const { decoderRows, decoderSteps } = engine.stats;
  await engine.close();
  return { outputs: results.map(({ sequences }) => [...sequences[0].tokenIds]), decoderRows, decoderSteps };
}

it.each([1, 4])(
  'without refill a batch runs empty before the next begins, and outputs are the same: %i beams',
  async (numBeams) => {
    const options = { numBeams, maxNewTokens: 40, earlyStopping: numBeams > 1 ? true : undefined };
    const refilled = await generate(options, true);
    const batches = await generate(options, false);
    expect(batches.outputs).toEqual(refilled.outputs);
    const lengths = refilled.outputs.map((ids) => ids.length);
    expect(Math.min(...lengths)).toBeLessThan(Math.max(...lengths));
    // Each document is stepped as often either way, but beside fewer others.
    expect(batches.decoderRows).toBe(refilled.decoderRows);
    expect(batches.decoderSteps).toBeGreaterThan(refilled.decoderSteps);
  },
);
