import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixedDocuments } from '../../scripts/parity/documents.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { type EncodedInput, type GenerationOptions, NativeEngine } from '../../src/engine/index.js';
import { convertCheckpoint } from '../../src/graph/convert.js';
import { chooseKernels, choosePrecision } from '../../src/graph/kernels.js';
import type { Kernels } from '../../src/graph/manifest.js';

const home = mkdtempSync(join(tmpdir(), 'precis-kernels-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const documents = mixedDocuments({ count: 60, shortest: 1, longest: 200, vocabSize: 384 });
const inputs: EncodedInput[] = documents.map((ids) => ({ ids: Int32Array.from(ids), truncated: false }));

async function generate(folder: string, kernels: Kernels | 'fp32', options: GenerationOptions): Promise<number[][]> {
  const { dir } = await convertCheckpoint(
    folder,
    kernels === 'fp32' ? { precision: 'fp32' } : { precision: 'int8', kernels },
  );
  const engine = await NativeEngine.open(dir, { defaults: openCheckpoint(folder).defaults, batchRows: 24 });
  const results = await engine.generate(inputs, options);
  await engine.close();
  return results.map(({ sequences }) => [...sequences[0].tokenIds]);
}

/** The share of documents whose first `count` tokens are fp32's: later ones follow from another history once one differs. */
function shareOfStarts(ours: readonly number[][], theirs: readonly number[][], count: number): number {
  const equal = ours.filter((ids, i) => ids.slice(0, count).join() === theirs[i].slice(0, count).join());
  return equal.length / ours.length;
}

/** Every form runs on every x64 processor, so each is tested wherever this runs and not only where it would be chosen. */
describe.each(['t5', 't5-v1.1'] as const)('int8 kernels of %s', (family) => {
  const folder = join(home, family);
  beforeAll(() => writeSeededCheckpoint({ out: folder, family, size: 'tiny', seed: 3 }));

  it.each([
    ['greedy', { numBeams: 1, maxNewTokens: 24 }],
    ['beams', { numBeams: 4, maxNewTokens: 24 }],
  ] as const)('give the tokens of fp32, but for rounding: %s', async (_name, options) => {
    const fp32 = await generate(folder, 'fp32', options);
    const row = await generate(folder, { crossKernel: 'row', weightLimit: 127 }, options);
    const packed = await generate(folder, { crossKernel: 'packed', weightLimit: 127 }, options);
    const absorbed = await generate(folder, { crossKernel: 'absorbed', weightLimit: 127 }, options);
    const narrow = await generate(folder, { crossKernel: 'row', weightLimit: 63 }, options);
    // The same integers in two layouts.
    expect(packed).toEqual(row);
    // Measured 0.63 to 0.95 on these 64 channels; a wrong scale or a lost correction leaves next to nothing.
    for (const ids of [row, absorbed, narrow]) expect(shareOfStarts(ids, fp32, 4)).toBeGreaterThan(0.5);
    expect(narrow).not.toEqual(row);
  });
});

describe('the choice of kernels', () => {
  const small = { dModel: 512 } as Parameters<typeof chooseKernels>[0];
  const base = { ...small, dModel: 768 };
  const odd = { ...small, dModel: 96 };
  const amx = { x64: true, vnni: true, amx: true };
  const vnni = { x64: true, vnni: true, amx: false };
  const old = { x64: true, vnni: false, amx: false };
  const other = { x64: false, vnni: false, amx: false };

  it('follows the processor and the size', () => {
    expect(chooseKernels(small, amx)).toEqual({ crossKernel: 'absorbed', weightLimit: 127 });
    expect(chooseKernels(base, amx)).toEqual({ crossKernel: 'packed', weightLimit: 127 });
    expect(chooseKernels(odd, amx)).toEqual({ crossKernel: 'packed', weightLimit: 127 });
    expect(chooseKernels(small, vnni)).toEqual({ crossKernel: 'row', weightLimit: 127 });
    expect(chooseKernels(small, old)).toEqual({ crossKernel: 'row', weightLimit: 63 });
  });

  it('takes fp32 where int8 was not measured', () => {
    expect(choosePrecision('auto', vnni)).toBe('int8');
    expect(choosePrecision('auto', other)).toBe('fp32');
    expect(choosePrecision('int8', other)).toBe('int8');
  });
});
