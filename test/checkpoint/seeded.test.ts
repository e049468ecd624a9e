import fs from 'node:fs';
import path from 'node:path';
import { AutoTokenizer } from '@huggingface/transformers';
import { describe, expect, test } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { temporaryFolder } from './folders.js';

function values(folder: string): Map<string, Float32Array> {
  const { weights } = openCheckpoint(folder);
  const all = new Map([...weights.tensors.keys()].map((name) => [name, weights.readFloat32(name)]));
  weights.close();
  return all;
}

function seeded(options: Omit<Parameters<typeof writeSeededCheckpoint>[0], 'out'>): string {
  const out = path.join(temporaryFolder(), 'model');
  writeSeededCheckpoint({ out, ...options });
  return out;
}

describe('every family', () => {
  test.each([
    ['t5', { modelType: 't5', gated: false, tiedHead: true, scaleHead: true, vocabSize: 640 }],
    ['t5-v1.1', { modelType: 't5', gated: true, tiedHead: false, scaleHead: false }],
    ['mt5', { modelType: 'mt5', gated: true, tiedHead: false, scaleHead: false }],
    ['byt5', { modelType: 't5', gated: true, tiedHead: false, vocabSize: 384 }],
    ['umt5', { modelType: 'umt5', gated: true, tiedHead: true, scaleHead: true, biasInEveryLayer: true }],
  ] as const)('%s', (family, facts) => {
    const checkpoint = openCheckpoint(seeded({ family }));
    expect(checkpoint.config).toMatchObject({ dModel: 64, dKv: 16, dFf: 128, numHeads: 4, ...facts });
    expect(checkpoint.warnings).toEqual([]);
    checkpoint.weights.close();
  });
});

test('the seed decides the weights, the number of shards does not', () => {
  const one = values(seeded({ seed: 3 }));
  expect(values(seeded({ seed: 3, shards: 3 }))).toEqual(one);
  const other = values(seeded({ seed: 4 }));
  expect(other.get('shared.weight')).not.toEqual(one.get('shared.weight'));
});

test.each([
  ['f16', 2 ** -11],
  ['bf16', 2 ** -8],
] as const)('%s differs from float32 by its rounding', (dtype, precision) => {
  const exact = values(seeded({ seed: 3 }));
  for (const [name, rounded] of values(seeded({ seed: 3, dtype }))) {
    const full = exact.get(name)!;
    // Below 2^-14 float16 is subnormal and its steps no longer shrink.
    const worst = rounded.reduce((most, value, i) => {
      return Math.max(most, Math.abs(value - full[i]) / Math.max(Math.abs(full[i]), 2 ** -14));
    }, 0);
    expect(worst, name).toBeLessThanOrEqual(precision);
    expect(worst, name).toBeGreaterThan(0);
  }
});

test('layers of encoder and decoder may differ in number', () => {
  const checkpoint = openCheckpoint(seeded({ layers: 3, decoderLayers: 1 }));
  expect(checkpoint.config).toMatchObject({ numLayers: 3, numDecoderLayers: 1 });
  checkpoint.weights.close();
});

test('the small tokenizer is one that transformers.js reads', async () => {
  const folder = seeded({});
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  const text = 'The river was over the land, said 14 people.';
  const ids: number[] = tokenizer.encode(text);
  expect(ids.at(-1)).toBe(1);
  expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe(text);
  const vocab = JSON.parse(fs.readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')).model.vocab;
  expect(vocab.length).toBeLessThanOrEqual(640);
  expect(new Set(vocab.map(([piece]: [string]) => piece)).size).toBe(vocab.length);
});
