import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type Engine, openEngine } from '../../src/engine/index.js';
import { refuseTooLong } from '../../src/engine/relativeBias.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-limits-'));
process.env.PRECIS_HOME = path.join(scratch, 'home');
const input = (length: number) => ({ ids: new Int32Array(length).fill(5), truncated: false });
let engine: Engine;

beforeAll(async () => {
  const folder = path.join(scratch, 'model');
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny', eos: 'never' });
  engine = await openEngine(folder, { precision: 'fp32' });
});
afterAll(async () => {
  await engine.close();
  rmSync(scratch, { recursive: true, force: true });
});

it('an input whose biases no memory holds is refused by name, before any is encoded', async () => {
  const inputs = [input(3), input(100_000)];
  const message = /^\[input\] input 1 has 100000 tokens, expected at most \d+, .*; set maxInputTokens to \d+ or less$/;
  await expect(engine.generate(inputs, { numBeams: 1 })).rejects.toThrow(message);
  await expect(engine.score(inputs, [[Int32Array.of(1)], [Int32Array.of(1)]])).rejects.toThrow(message);
  expect(engine.stats.encodeMs).toBe(0);
});

it('the limit counts the heads of every layer with biases of its own', () => {
  const table = { reach: 1, heads: Array.from({ length: 8 }, () => [0, 0, 0]) };
  expect(() => refuseTooLong([input(11_585)], [table])).not.toThrow();
  expect(() => refuseTooLong([input(11_586)], [table])).toThrow('at most 11585');
  expect(() => refuseTooLong([input(5793)], [table, table, table, table])).toThrow('at most 5792');
});

it.each([1, 2])('%i beams: a length that no memory holds does no harm before it is reached', async (numBeams) => {
  let steps = 0;
  const throwIfAborted = () => {
    if (++steps > 100) throw new Error('enough');
  };
  const signal = { aborted: false, throwIfAborted } as unknown as AbortSignal;
  const options = { numBeams, maxNewTokens: 1e9 };
  await expect(engine.generate([input(4)], options, { signal })).rejects.toThrow('enough');
  expect(steps).toBe(101);
});

it.each([1, 2])('%i beams: what was long ago is still in its place', async (numBeams) => {
  const options = { numBeams, maxNewTokens: 200, returnScores: true };
  const [{ sequences }] = await engine.generate([input(4)], options);
  const [{ tokenIds, tokenScores }] = sequences;
  expect(tokenIds).toHaveLength(200);
  // Scoring has no cache that grows: it sees the whole output at once.
  const [[scored]] = await engine.score([input(4)], [[tokenIds]]);
  tokenScores?.forEach((score, place) => {
    expect(score).toBeCloseTo(scored.tokenScores[place], 3);
  });
  expect(tokenScores).toHaveLength(200);
});
