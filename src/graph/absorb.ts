import type { ModelConfig, WeightSource } from '../checkpoint/types.js';
import type { OutputMajor } from './matrices.js';

/**
 * A head's score of a position is (Wq x) . (Wk s) = x' (Wq' Wk) s: with the two matrices joined, the query meets the encoder's states directly.
 * Rows are (head, encoder channel), columns the decoder's channels.
 */
export function joinQueryAndKey(config: ModelConfig, weights: WeightSource, prefix: string): OutputMajor {
  const { dModel, numHeads, dKv } = config;
  const query = weights.readFloat32(`${prefix}.q.weight`);
  const key = weights.readFloat32(`${prefix}.k.weight`);
  const values = new Float32Array(numHeads * dModel * dModel);
  for (let head = 0; head < numHeads; head++) {
    for (let channel = 0; channel < dModel; channel++) {
      const row = values.subarray((head * dModel + channel) * dModel, (head * dModel + channel + 1) * dModel);
      for (let j = head * dKv; j < (head + 1) * dKv; j++) addScaled(row, query, j * dModel, key[j * dModel + channel]);
    }
  }
  return { rows: numHeads * dModel, columns: dModel, values };
}

/** What attention gathers of the states goes through Wv and Wo at once. Rows are the decoder's channels, columns (head, encoder channel). */
export function joinValueAndOutput(config: ModelConfig, weights: WeightSource, prefix: string): OutputMajor {
  const { dModel, numHeads, dKv } = config;
  const value = weights.readFloat32(`${prefix}.v.weight`);
  const output = weights.readFloat32(`${prefix}.o.weight`);
  const inner = numHeads * dKv;
  const columns = numHeads * dModel;
  const values = new Float32Array(dModel * columns);
  for (let out = 0; out < dModel; out++) {
    for (let head = 0; head < numHeads; head++) {
      const begin = out * columns + head * dModel;
      const row = values.subarray(begin, begin + dModel);
      for (let j = head * dKv; j < (head + 1) * dKv; j++) addScaled(row, value, j * dModel, output[out * inner + j]);
    }
  }
  return { rows: dModel, columns, values };
}

function addScaled(target: Float32Array, source: Float32Array, begin: number, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * source[begin + i];
}
