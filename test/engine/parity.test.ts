import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type Engine, type GenerationOptions, openEngine } from '../../src/engine/index.js';

/** How close two candidates may lie for a different choice to count as rounding; every such case is printed. */
const NEAR_TIE = 1e-4;

interface Case {
  readonly name: string;
  readonly options: GenerationOptions;
  readonly sequences: readonly (readonly number[])[];
  readonly scores?: readonly number[];
  readonly margins?: readonly number[];
}

interface Fixture {
  readonly family: 't5' | 't5-v1.1' | 'mt5' | 'byt5';
  readonly seed: number;
  readonly weightsSha256: string;
  readonly documents: readonly (readonly number[])[];
  readonly cases: readonly Case[];
}

const home = mkdtempSync(join(tmpdir(), 'precis-parity-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

for (const family of ['t5', 't5-v1.1', 'mt5', 'byt5']) {
  const path = new URL(`fixtures/parity/${family}.json.gz`, import.meta.url);
  const fixture = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Fixture;

  describe(`${family} in fp32 against transformers`, () => {
    const folder = join(home, family);
    let engine: Engine;

    beforeAll(async () => {
      writeSeededCheckpoint({ out: folder, family: fixture.family, size: 'tiny', seed: fixture.seed });
      engine = await openEngine(folder, { precision: 'fp32', batchRows: 40 });
    });
    afterAll(() => engine.close());

    it('speaks of the weights that the fixture was made with', () => {
      const sha256 = createHash('sha256')
        .update(readFileSync(join(folder, 'model.safetensors')))
        .digest('hex');
      expect(sha256).toBe(fixture.weightsSha256);
    });

    it.each(fixture.cases.map((test) => [test.name, test] as const))('%s', async (_name, test) => {
      const inputs = fixture.documents.map((ids) => ({ ids: Int32Array.from(ids), truncated: false }));
      const results = await engine.generate(inputs, test.options);
      const mismatches: unknown[] = [];
      results.forEach(({ sequences: [ours] }, row) => {
        const score = test.scores?.[row];
        if (score !== undefined) expect(Math.abs((ours.score as number) - score)).toBeLessThan(NEAR_TIE * 10);
        const theirs = test.sequences[row];
        if (JSON.stringify([...ours.tokenIds]) === JSON.stringify(theirs)) return;
        const distance = score === undefined ? (test.margins?.[row] ?? 1) : Math.abs((ours.score as number) - score);
        const seen = {
          family,
          case: test.name,
          row,
          ours: [...ours.tokenIds],
          theirs,
          ourScore: ours.score,
          theirScore: score,
          distance,
        };
        if (distance < NEAR_TIE) console.warn('near tie', JSON.stringify(seen));
        else mismatches.push(seen);
      });
      expect(mismatches).toEqual([]);
    });
  });
}
