import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { expectedTensors } from '../../src/checkpoint/tensors.js';
import type { ModelConfig } from '../../src/checkpoint/types.js';

/** A complete config.json of a model so small that its tensors can be written by hand. */
export const CONFIG = {
  model_type: 't5',
  vocab_size: 8,
  d_model: 4,
  d_kv: 2,
  d_ff: 6,
  num_heads: 2,
  num_layers: 1,
  feed_forward_proj: 'relu',
  pad_token_id: 0,
  eos_token_id: 1,
  decoder_start_token_id: 0,
};

export interface Entry {
  dtype: string;
  shape: readonly number[];
  data_offsets: [number, number];
}

export type Header = Record<string, Entry>;

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** All tensors of CONFIG in float32, one after another. */
export function fullHeader(overrides: Partial<ModelConfig> = {}): Header {
  const config = {
    ...{ vocabSize: 8, dModel: 4, dKv: 2, dFf: 6, numHeads: 2, numLayers: 1, numDecoderLayers: 1 },
    ...{ relativeBuckets: 32, gated: false, tiedHead: true, biasInEveryLayer: false },
    ...overrides,
  } as ModelConfig;
  return layOut(expectedTensors(config).map(({ name, shape }) => [name, shape]));
}

export function layOut(tensors: readonly (readonly [string, readonly number[]])[]): Header {
  let offset = 0;
  return Object.fromEntries(
    tensors.map(([name, shape]) => {
      const start = offset;
      offset += 4 * shape.reduce((product, size) => product * size, 1);
      return [name, { dtype: 'F32', shape, data_offsets: [start, offset] as [number, number] }];
    }),
  );
}

/** The bytes of a safetensors file; the data is filled with a value that follows from the tensor's place. */
export function safetensors(header: Header | string, dataLength?: number): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const end =
    typeof header === 'string' ? 0 : Math.max(0, ...Object.values(header).map((entry) => entry.data_offsets[1]));
  const data = Buffer.alloc(dataLength ?? end);
  for (let i = 0; i + 4 <= data.length; i += 4) data.writeFloatLE(i / 4 + 1, i);
  return Buffer.concat([headerLength(text.length), text, data]);
}

export function headerLength(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}

/** Writes a checkpoint folder; a file given as null is left out. */
export function checkpointFolder(files: Record<string, Buffer | string | object | null> = {}): string {
  const folder = temporaryFolder();
  const all: typeof files = { 'config.json': CONFIG, 'model.safetensors': safetensors(fullHeader()), ...files };
  for (const [name, content] of Object.entries(all)) {
    if (content === null) continue;
    const plain = typeof content === 'string' || Buffer.isBuffer(content);
    fs.writeFileSync(path.join(folder, name), plain ? content : JSON.stringify(content));
  }
  return folder;
}
