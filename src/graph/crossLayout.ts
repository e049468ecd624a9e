import type { ModelConfig } from '../checkpoint/types.js';
import type { Precision } from './linear.js';
import type { Dim, ElementType } from './onnx.js';

/**
 * How int8 cross attention reads a document, chosen by the processor and the model's size:
 * - `row`: signed keys and values of each layer; the query's zero point stays 0 and a correction is added, which lets MLAS take its one-row
 *   kernel (VNNI).
 * - `packed`: where MLAS has no such kernel (AMX) it packs the right side at every step. Unsigned keys in blocks of 64 positions
 *   are read in one stream and were measured a third faster than `row`'s layout.
 * - `absorbed`: the encoder's states themselves, once for all layers and heads. A head's query goes through its key matrix before it meets
 *   them, and what it gathers through its value matrix. The decoder then reads a sixth of the bytes and does eight times the products,
 *   which matrix tiles (AMX) do in passing, and the encoder computes no keys and values. Measured for T5-small's dimensions; the products
 *   grow with d_model / d_kv.
 */
export type CrossKernel = 'row' | 'packed' | 'absorbed';

/** Positions in a block of `packed`, channels in a block of `absorbed`, and the multiple that every padded length is. */
export const BLOCK = 64;

/** One of the tensors that the encoder leaves for the decoder. In both graphs it has this name; in the decoder the documents come first. */
export interface CrossTensor {
  readonly name: string;
  readonly type: ElementType & ('float32' | 'int8' | 'uint8' | 'int32');
  /** Rows whose elements belong together: the outer axes. */
  readonly rows: number;
  /** Elements of a row for each position, or of the whole row if it has no positions. */
  readonly width: number;
  readonly positional: boolean;
  /** The shape of one document's at this padded length. */
  readonly dims: (padded: number) => number[];
  /** The same as the graphs declare it. */
  readonly declared: readonly Dim[];
}

export interface CrossContext {
  readonly config: ModelConfig;
  readonly precision: Precision;
  readonly crossKernel: CrossKernel;
}

export function isAbsorbed({ precision, crossKernel }: CrossContext): boolean {
  return precision === 'int8' && crossKernel === 'absorbed';
}

export function crossTensors(context: CrossContext): CrossTensor[] {
  if (isAbsorbed(context)) return absorbedTensors(context.config);
  const layers = Array.from({ length: context.config.numDecoderLayers }, (_, layer) => layer);
  return layers.flatMap((layer) => layerTensors(context, layer));
}

function absorbedTensors({ dModel }: ModelConfig): CrossTensor[] {
  const blocks = dModel / BLOCK;
  return [
    {
      name: 'cross_x',
      type: 'int8',
      rows: dModel,
      width: 1,
      positional: true,
      dims: (p) => [dModel, p],
      declared: [dModel, 'P'],
    },
    {
      name: 'cross_y',
      type: 'int8',
      rows: blocks,
      width: BLOCK,
      positional: true,
      dims: (p) => [blocks, p, BLOCK],
      declared: [blocks, 'P', BLOCK],
    },
    scales('cross_xs', [1, dModel]),
  ];
}

function layerTensors({ config, precision, crossKernel }: CrossContext, layer: number): CrossTensor[] {
  const { numHeads: heads, dKv } = config;
  const int8 = precision === 'int8';
  const blocked = int8 && crossKernel === 'packed';
  const type = int8 ? (blocked ? 'uint8' : 'int8') : 'float32';
  const keys: CrossTensor = blocked
    ? {
        name: `cross_k.${layer}`,
        type,
        rows: heads,
        width: dKv,
        positional: true,
        dims: (p) => [heads, p / BLOCK, dKv, BLOCK],
        declared: [heads, 'K', dKv, BLOCK],
      }
    : {
        name: `cross_k.${layer}`,
        type,
        rows: heads * dKv,
        width: 1,
        positional: true,
        dims: (p) => [heads, dKv, p],
        declared: [heads, dKv, 'P'],
      };
  const values: CrossTensor = {
    name: `cross_v.${layer}`,
    type,
    rows: heads,
    width: dKv,
    positional: true,
    dims: (p) => [heads, p, dKv],
    declared: [heads, 'P', dKv],
  };
  const result = [keys, values];
  if (int8) result.push(scales(`cross_ks.${layer}`, [heads, 1, dKv]), scales(`cross_vs.${layer}`, [heads, 1, dKv]));
  if (int8 && crossKernel === 'row') {
    result.push({
      name: `cross_kc.${layer}`,
      type: 'int32',
      rows: heads,
      width: 1,
      positional: true,
      dims: (p) => [heads, 1, p],
      declared: [heads, 1, 'P'],
    });
  }
  return result;
}

function scales(name: string, shape: readonly number[]): CrossTensor {
  const width = shape.reduce((product, size) => product * size, 1);
  return { name, type: 'float32', rows: 1, width, positional: false, dims: () => [...shape], declared: shape };
}
