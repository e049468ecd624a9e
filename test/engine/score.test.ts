import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type Engine, openEngine } from '../../src/engine/index.js';
import { planRuns } from '../../src/engine/scoring.js';

interface Row {
  readonly document: readonly number[];
  readonly targets: readonly (readonly number[])[];
  readonly tokenScores: readonly (readonly number[])[];
}

interface Fixture {
  readonly models: readonly {
    readonly family: 't5' | 't5-v1.1';
    readonly seed: number;
    readonly weightsSha256: string;
    readonly rows: readonly Row[];
  }[];
}

/** Of a log-probability, absolute down to -1 and relative below: unlikely tokens carry the rounding of large logits. */
const CLOSE = 1e-4;
/** In int8 a last bit may now and then push an activation over the edge to the next of 255 levels: few tokens differ, those by more. */
const CLOSE_ON_AVERAGE = 0.005;

const path = new URL('fixtures/score.json.gz', import.meta.url);
const fixture = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Fixture;
const home = mkdtempSync(join(tmpdir(), 'precis-score-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const input = (ids: readonly number[]) => ({ ids: Int32Array.from(ids), truncated: false });
const differences = (ours: ArrayLike<number>, theirs: ArrayLike<number>): number[] =>
  Array.from(theirs, (value, i) => Math.abs(ours[i] - value) / Math.max(1, Math.abs(value)));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const model of fixture.models) {
  describe(`scores of ${model.family}`, () => {
    const folder = join(home, model.family);
    let engine: Engine;
    const { rows } = model;
    const inputs = rows.map(({ document }) => input(document));

    beforeAll(async () => {
      writeSeededCheckpoint({ out: folder, family: model.family, size: 'tiny', seed: model.seed });
      engine = await openEngine(folder, { precision: 'fp32' });
    });
    afterAll(() => engine.close());

    it('speaks of the weights that the fixture was made with', () => {
      const weights = readFileSync(join(folder, 'model.safetensors'));
      expect(createHash('sha256').update(weights).digest('hex')).toBe(model.weightsSha256);
    });

    it.each(rows.map((row, index) => [row.targets.map(({ length }) => length), index] as const))(
      "are Hugging Face's for targets of %j tokens",
      async (_lengths, index) => {
        const targets = rows[index].targets.map((ids) => Int32Array.from(ids));
        const [scores] = await engine.score([inputs[index]], [targets]);
        expect(scores.map(({ tokenScores }) => tokenScores.length)).toEqual(targets.map(({ length }) => length));
        scores.forEach(({ tokenScores, score }, target) => {
          const expected = rows[index].tokenScores[target];
          expect(Math.max(...differences(tokenScores, expected))).toBeLessThan(CLOSE);
          expect(score / expected.length).toBeCloseTo(mean(expected), 4);
        });
      },
    );

    it('are the same for documents together and alone, and in the order of the inputs', async () => {
      const targets = rows.map((row) => row.targets.map((ids) => Int32Array.from(ids)));
      const together = await engine.score(inputs, targets);
      for (let row = 0; row < rows.length; row++) {
        const [alone] = await engine.score([inputs[row]], [targets[row]]);
        expect(together[row]).toEqual(alone);
      }
    });

    it.each(['fp32', 'int8'] as const)('are what generation tells of its own outputs (%s)', async (precision) => {
      const generating = await openEngine(folder, { precision });
      try {
        const results = await generating.generate(inputs, { numBeams: 1, maxNewTokens: 40, returnScores: true });
        const outputs = results.map(({ sequences }) => sequences[0]);
        const scored = await generating.score(
          inputs,
          outputs.map(({ tokenIds }) => [tokenIds]),
        );
        const found = outputs.flatMap(({ tokenScores }, row) =>
          differences(scored[row][0].tokenScores, tokenScores as Float32Array),
        );
        if (precision === 'fp32') expect(Math.max(...found)).toBeLessThan(CLOSE);
        expect(mean(found)).toBeLessThan(CLOSE_ON_AVERAGE);
        outputs.forEach(({ score, tokenIds }, row) => {
          const distance = Math.abs(scored[row][0].score - (score as number)) / tokenIds.length;
          expect(distance).toBeLessThan(precision === 'fp32' ? CLOSE : 10 * CLOSE_ON_AVERAGE);
        });
      } finally {
        await generating.close();
      }
    });

    it.each([
      ['no tokens', [[Int32Array.of(5, 1), Int32Array.of()]], 'target 1 of input 0 has no tokens'],
      ['no targets', [[]], 'input 0 has no targets'],
      ['an id beyond the vocabulary', [[Int32Array.of(5, 1_000_000)]], 'target 0 of input 0 has token id 1000000'],
      ['a negative id', [[Int32Array.of(-1)]], 'target 0 of input 0 has token id -1'],
      ['too few lists', [], '1 inputs and 0 lists of targets'],
    ])('are refused for %s', async (_what, targets, message) => {
      await expect(engine.score([inputs[0]], targets)).rejects.toThrow(message);
    });

    it('need a document', async () => {
      await expect(engine.score([input([])], [[Int32Array.of(1)]])).rejects.toThrow('input 0 has no tokens');
      await expect(engine.score([], [])).resolves.toEqual([]);
    });
  });
}

describe('planRuns', () => {
  const plan = (lengths: readonly number[]) =>
    planRuns(
      lengths.map((length) => new Int32Array(length)),
      4,
    ).map((run) => run.map(({ target, from, to }) => [target, from, to]));

  it.each([
    [[4], [[[0, 0, 4]]]],
    [
      [1, 2, 3],
      [
        [
          [0, 0, 1],
          [1, 0, 2],
        ],
        [[2, 0, 3]],
      ],
    ],
    [[9], [[[0, 0, 4]], [[0, 4, 8]], [[0, 8, 9]]]],
    [
      [1, 5, 3],
      [
        [[1, 0, 4]],
        [[1, 4, 5]],
        [
          [0, 0, 1],
          [2, 0, 3],
        ],
      ],
    ],
  ])('puts targets of %j tokens into runs of 4', (lengths, runs) => {
    expect(plan(lengths)).toEqual(runs);
  });
});
