import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { readAsFloat32 } from '../../src/checkpoint/readTensor.js';
import { readHeader } from '../../src/checkpoint/safetensorsHeader.js';
import type { TensorInfo } from '../../src/checkpoint/types.js';

// Written by scripts/fixtures/make_safetensors.py with the reference implementations; float32 bit patterns by PyTorch.
const FIXTURES = path.join(import.meta.dirname, 'fixtures');

type Expected = Record<string, { shape: number[]; bits: number[] }>;

function expected(name: string): Expected {
  return JSON.parse(fs.readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8'));
}

function bits(values: Float32Array): number[] {
  return [...new Int32Array(values.buffer, values.byteOffset, values.length)];
}

test('every value of every type is what PyTorch makes of it, bit by bit', () => {
  const file = path.join(FIXTURES, 'types.safetensors');
  const handle = fs.openSync(file, 'r');
  const tensors = readHeader(file, handle);
  const found = Object.fromEntries(
    tensors.map((tensor) => [
      tensor.name,
      { shape: [...tensor.shape], bits: bits(readAsFloat32(handle, tensor as TensorInfo)) },
    ]),
  );
  fs.closeSync(handle);
  expect(found).toEqual(expected('types'));
});

describe('folders as transformers saves them', () => {
  const cases = [
    {
      name: 't5-sharded',
      facts: { modelType: 't5', tiedHead: true, scaleHead: true, gated: false, activation: 'relu' },
      types: ['F32'],
      parameters: 1592,
    },
    {
      // Its config.json says tie_word_embeddings: true, as transformers 5 does of every T5; the head in the file differs.
      name: 't5-v1.1-bf16',
      facts: { modelType: 't5', tiedHead: false, scaleHead: false, gated: true, activation: 'gelu_new' },
      types: ['BF16'],
      parameters: 2040,
    },
    {
      name: 'umt5-f16',
      facts: { modelType: 'umt5', tiedHead: true, scaleHead: true, gated: true, biasInEveryLayer: true },
      types: ['F16'],
      parameters: 1784,
    },
  ];
  test.each(cases)('$name', ({ name, facts, types, parameters }) => {
    const checkpoint = openCheckpoint(path.join(FIXTURES, name));
    const { config, weights } = checkpoint;
    expect(config).toMatchObject({ vocabSize: 32, dModel: 8, dKv: 4, dFf: 12, numHeads: 2, numLayers: 1, ...facts });
    expect(config).toMatchObject({ numDecoderLayers: 1, padTokenId: 0, eosTokenIds: [1], decoderStartTokenId: 0 });
    expect(new Set([...weights.tensors.values()].map((tensor) => tensor.dtype))).toEqual(new Set(types));
    const state = expected(name);
    // PyTorch's state names the shared matrix several times.
    const copies = [
      'encoder.embed_tokens.weight',
      'decoder.embed_tokens.weight',
      config.tiedHead ? 'lm_head.weight' : '',
    ];
    const names = Object.keys(state).filter((key) => !copies.includes(key));
    expect([...weights.tensors.keys()].sort()).toEqual(names.sort());
    for (const key of names) expect(bits(weights.readFloat32(key)), key).toEqual(state[key].bits);
    expect(checkpoint.parameters).toBe(parameters);
    expect(checkpoint.warnings).toEqual([]);
    weights.close();
    expect(() => weights.readFloat32(names[0])).toThrow('was read from a closed checkpoint');
  });
});
