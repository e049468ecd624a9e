import { expect, test } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { checkpointFolder, fullHeader, layOut, safetensors } from './folders.js';

const SHARED = 'shared.weight';
const SHAPE = [8, 4];

function renamed(name: string): Buffer {
  return safetensors(
    layOut(Object.entries(fullHeader()).map(([key, { shape }]) => [key === SHARED ? name : key, shape])),
  );
}

/** A further tensor with the values of the shared matrix, or with others. */
function withCopy(name: string, same: boolean): Buffer {
  const header = fullHeader();
  const shapes: [string, readonly number[]][] = Object.entries(header).map(([key, { shape }]) => [key, shape]);
  const extended = layOut([...shapes, [name, SHAPE]]);
  const bytes = safetensors(extended);
  const data = bytes.length - extended[name].data_offsets[1];
  const [start, end] = extended[SHARED].data_offsets;
  if (same) bytes.copyWithin(data + extended[name].data_offsets[0], data + start, data + end);
  return bytes;
}

test.each(['encoder.embed_tokens.weight', 'decoder.embed_tokens.weight', 'lm_head.weight'])(
  'the embedding may be stored as %s',
  (name) => {
    const checkpoint = openCheckpoint(checkpointFolder({ 'model.safetensors': renamed(name) }));
    expect([...checkpoint.weights.readFloat32(SHARED).slice(0, 3)]).toEqual([1, 2, 3]);
    expect(checkpoint.config.tiedHead).toBe(true);
    checkpoint.weights.close();
  },
);

test.each([
  ['lm_head.weight', true, true],
  ['lm_head.weight', false, false],
])('a stored %s that equals the embedding: %s, then the head is tied: %s', (name, same, tied) => {
  const checkpoint = openCheckpoint(checkpointFolder({ 'model.safetensors': withCopy(name, same) }));
  expect(checkpoint.config.tiedHead).toBe(tied);
  expect(checkpoint.weights.tensors.has(name)).toBe(!tied);
  expect(checkpoint.warnings).toEqual([]);
  checkpoint.weights.close();
});

test('copies of the embedding are accepted, other embeddings of encoder or decoder are not', () => {
  const name = 'encoder.embed_tokens.weight';
  openCheckpoint(checkpointFolder({ 'model.safetensors': withCopy(name, true) })).weights.close();
  const dir = checkpointFolder({ 'model.safetensors': withCopy(name, false) });
  expect(() => openCheckpoint(dir)).toThrow(
    expect.objectContaining({
      details: [`values: ${name} differs from ${SHARED}, expected one embedding for encoder and decoder`],
    }),
  );
});

test('what is not part of the model is told, what HF ignores too is not', () => {
  const leftover = 'decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight';
  const quiet = openCheckpoint(checkpointFolder({ 'model.safetensors': withCopy(leftover, false) }));
  expect(quiet.warnings).toEqual([]);
  quiet.weights.close();
  const dir = checkpointFolder({ 'model.safetensors': withCopy('classifier.weight', false) });
  const loud = openCheckpoint(dir);
  expect(loud.warnings).toEqual([
    `${dir}/model.safetensors: tensor classifier.weight is not part of the model and is ignored`,
  ]);
  loud.weights.close();
});
