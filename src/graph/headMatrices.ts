import type { Value } from './builder.js';
import type { LayerContext } from './layers.js';
import { quantizeColumns, transposeInto } from './matrices.js';

/** A matrix for each head, int8 with a scale a head and column: values [heads, inputs, outputs], scales [heads, 1, outputs]. */
export interface HeadMatrices {
  readonly id: string;
  readonly inputs: number;
  readonly outputs: number;
  /** The head's matrix, one row an output. */
  readonly read: (head: number) => Float32Array;
}

/** A score is (Wq x) . (Wk s) = (Wk' Wq x) . s: the query goes through the key matrix turned over, and then meets the states themselves. */
export function keyMatrix({ config, weights }: LayerContext, prefix: string): HeadMatrices {
  const { dModel, dKv } = config;
  const name = `${prefix}.k.weight`;
  let whole: Float32Array | undefined;
  return {
    id: `${name}.turned`,
    inputs: dKv,
    outputs: dModel,
    read: (head) => {
      whole ??= weights.readFloat32(name);
      const rows = new Float32Array(dModel * dKv);
      transposeInto(whole.subarray(head * rows.length, (head + 1) * rows.length), dKv, dModel, rows, dKv);
      return rows;
    },
  };
}

export function valueMatrix({ config, weights }: LayerContext, prefix: string): HeadMatrices {
  const { dModel, dKv } = config;
  const name = `${prefix}.v.weight`;
  let whole: Float32Array | undefined;
  return {
    id: `${name}.heads`,
    inputs: dModel,
    outputs: dKv,
    read: (head) => {
      whole ??= weights.readFloat32(name);
      return whole.subarray(head * dKv * dModel, (head + 1) * dKv * dModel);
    },
  };
}

/** [heads, rows, inputs] of uint8 around 128 times each head's own matrix; still without the rows' scales. */
export function headProduct(context: LayerContext, rows: Value, matrices: HeadMatrices): Value {
  const { graph, file, weightLimit, config } = context;
  const { inputs, outputs } = matrices;
  const heads = config.numHeads;
  const scales = new Float32Array(heads * outputs);
  const values = file.add(`${matrices.id}.int8`, 'int8', [heads, inputs, outputs], () => {
    const all = new Int8Array(heads * inputs * outputs);
    for (let head = 0; head < heads; head++) {
      const quantized = quantizeColumns({ rows: outputs, columns: inputs, values: matrices.read(head) }, weightLimit);
      all.set(quantized.values, head * inputs * outputs);
      scales.set(quantized.scales, head * outputs);
    }
    return all;
  });
  const scaleRef = file.add(`${matrices.id}.int8.scales`, 'float32', [heads, 1, outputs], () => scales);
  const zero = graph.constant('uint8', [], Uint8Array.of(128));
  return graph.msOp('MatMulIntegerToFloat', [rows, graph.weight(values), graph.float(1), graph.weight(scaleRef), zero]);
}
