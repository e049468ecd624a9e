import type { WeightSource } from '../checkpoint/types.js';
import type { GraphBuilder, Value } from './builder.js';
import { quantizeColumns, stackRows, toColumns, toFloat16 } from './matrices.js';
import { ELEMENT_TYPES } from './onnx.js';
import type { WeightFile } from './weightFile.js';

export type Precision = 'fp32' | 'int8' | 'fp16';

/** A block of rows on its way into one or more products; quantized once in int8. */
export interface Rows {
  readonly value: Value;
  /** int8 only: the scale of each row as a column [rows, 1]; true values are products times this. */
  readonly scale: Value | null;
}

export interface LinearContext {
  readonly graph: GraphBuilder;
  readonly file: WeightFile;
  readonly weights: WeightSource;
  readonly precision: Precision;
  readonly weightLimit: 127 | 63;
  /** int8 only: a graph input of as many 128s as there are rows (an operator's zero points are a tensor as long as its scales). */
  readonly zeroPoints: Value;
}

/** Smaller than any scale that matters; keeps a row of zeros from dividing by zero. */
const SMALLEST = 1e-30;

/** Each row by its own largest magnitude, to uint8 around 128: a row's result never depends on the rows beside it. */
export function quantizeRows(context: LinearContext, x: Value): Rows {
  const { graph } = context;
  if (context.precision !== 'int8') return { value: enterHalf(context, x), scale: null };
  const largest = graph.op('ReduceMax', [graph.op('Abs', [x]), graph.ints([-1])], { keepdims: { int: 0 } });
  const scale = rowScale(graph, largest, 127);
  const value = graph.op('QuantizeLinear', [x, scale, context.zeroPoints], { axis: { int: 0 } });
  return { value, scale: graph.reshape(scale, [-1, 1]) };
}

/** ReLU for free: with zero point 0 negative values saturate at 0, and the largest value alone sets the scale. */
export function quantizeRelu(context: LinearContext, x: Value): Rows {
  const { graph } = context;
  if (context.precision !== 'int8') return { value: enterHalf(context, graph.op('Relu', [x])), scale: null };
  const largest = graph.op('ReduceMax', [x, graph.ints([-1])], { keepdims: { int: 0 } });
  const scale = rowScale(graph, largest, 255);
  const value = graph.op('QuantizeLinear', [x, scale], { axis: { int: 0 } });
  return { value, scale: graph.reshape(scale, [-1, 1]) };
}

function rowScale(graph: GraphBuilder, largest: Value, steps: number): Value {
  return graph.op('Max', [graph.op('Mul', [largest, graph.float(1 / steps)]), graph.float(SMALLEST)]);
}

function enterHalf(context: LinearContext, x: Value): Value {
  return context.precision === 'fp16' ? context.graph.cast(x, ELEMENT_TYPES.float16) : x;
}

/**
 * One product with the checkpoint's matrices `names` side by side. In int8 the result still lacks the factor of its rows' scale
 * (`applyScale`), so that a caller can leave it out or join it with another. `zeroPoint` is what quantizeRows (128) or quantizeRelu (0) used.
 */
export function product(
  context: LinearContext,
  rows: Rows,
  names: readonly string[],
  zeroPoint: 128 | 0,
  as?: string,
): Value {
  const { graph, file, precision } = context;
  const id = names.join('+');
  if (precision === 'int8') {
    const { values, scales } = int8Weight(context, names);
    const scaleOne = graph.float(1);
    const zero = graph.constant('uint8', [], Uint8Array.of(zeroPoint));
    return graph.msOp(
      'MatMulIntegerToFloat',
      [rows.value, graph.weight(values), scaleOne, graph.weight(scales), zero],
      {},
      as,
    );
  }
  const matrix = () => toColumns(readStacked(context.weights, names));
  const dims = weightDims(context.weights, names);
  if (precision === 'fp32')
    return graph.op('MatMul', [rows.value, graph.weight(file.add(`${id}.fp32`, 'float32', dims, matrix))], {}, as);
  const half = file.add(`${id}.fp16`, 'float16', dims, () => toFloat16(matrix()));
  return graph.cast(graph.op('MatMul', [rows.value, graph.weight(half)]), ELEMENT_TYPES.float32, as);
}

export function applyScale(context: LinearContext, x: Value, rows: Rows): Value {
  return rows.scale ? context.graph.op('Mul', [x, rows.scale]) : x;
}

function int8Weight(context: LinearContext, names: readonly string[]) {
  const { file, weights } = context;
  const [inputs, outputs] = weightDims(weights, names);
  const id = `${names.join('+')}.int8`;
  let scaleValues: Float32Array | undefined;
  const values = file.add(id, 'int8', [inputs, outputs], () => {
    const quantized = quantizeColumns(readStacked(weights, names), context.weightLimit);
    scaleValues = quantized.scales;
    return quantized.values;
  });
  const scales = file.add(`${id}.scales`, 'float32', [outputs], () => scaleValues as Float32Array);
  return { values, scales };
}

function weightDims(weights: WeightSource, names: readonly string[]): [number, number] {
  const shapes = names.map((name) => weights.tensors.get(name)!.shape);
  return [shapes[0][1], shapes.reduce((sum, shape) => sum + shape[0], 0)];
}

function readStacked(weights: WeightSource, names: readonly string[]) {
  return stackRows(
    names.map((name) => {
      const [rows, columns] = weights.tensors.get(name)!.shape;
      return { rows, columns, values: weights.readFloat32(name) };
    }),
  );
}
