import type { WeightSource } from '../checkpoint/types.js';
import { PrecisError } from '../errors.js';
import type { GraphBuilder, Value } from './builder.js';
import { type OutputMajor, quantizeColumns, stackRows, toColumns, toFloat16 } from './matrices.js';
import { ELEMENT_TYPES, type WeightRef } from './onnx.js';
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

const LARGEST_HALF = 65504;

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

/** Positive also for a row of zeros. */
export function rowScale(graph: GraphBuilder, largest: Value, steps: number): Value {
  return graph.op('Max', [graph.op('Mul', [largest, graph.float(1 / steps)]), graph.float(SMALLEST)]);
}

function enterHalf(context: LinearContext, x: Value): Value {
  return context.precision === 'fp16' ? context.graph.cast(x, ELEMENT_TYPES.float16) : x;
}

/** The right side of a product: read when the weight file does not have it. */
export interface Matrix {
  readonly id: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly read: () => OutputMajor;
  /** Columns are padded to this many, with a bias that keeps the padding below everything (the head's vocabulary). */
  readonly padded?: { readonly width: number; readonly bias: WeightRef };
}

/** The checkpoint's matrices `names` side by side. */
export function packedMatrix({ weights }: LinearContext, names: readonly string[]): Matrix {
  const shapes = names.map((name) => weights.tensors.get(name)!.shape);
  const read = () =>
    stackRows(
      names.map((name, i) => ({ rows: shapes[i][0], columns: shapes[i][1], values: weights.readFloat32(name) })),
    );
  return {
    id: names.join('+'),
    inputs: shapes[0][1],
    outputs: shapes.reduce((sum, shape) => sum + shape[0], 0),
    read,
  };
}

/**
 * In int8 the result still lacks the factor of its rows' scale (`applyScale`), so that a caller can leave it out or join it with another.
 * `zeroPoint` is what quantizeRows (128) or quantizeRelu (0) used.
 */
export function product(context: LinearContext, rows: Rows, matrix: Matrix, zeroPoint: 128 | 0): Value {
  const { graph, precision } = context;
  const bias = matrix.padded ? graph.weight(matrix.padded.bias) : null;
  if (precision === 'int8') {
    const { values, scales } = int8Weight(context, matrix);
    const zero = graph.constant('uint8', [], Uint8Array.of(zeroPoint));
    const inputs = [rows.value, graph.weight(values), graph.float(1), graph.weight(scales), zero];
    return graph.msOp('MatMulIntegerToFloat', bias ? [...inputs, '', bias] : inputs);
  }
  const raw = graph.op('MatMul', [rows.value, graph.weight(floatWeight(context, matrix))]);
  const wide = precision === 'fp16' ? graph.cast(raw, ELEMENT_TYPES.float32) : raw;
  return bias ? graph.op('Add', [wide, bias]) : wide;
}

export function applyScale(context: LinearContext, x: Value, rows: Rows): Value {
  return rows.scale ? context.graph.op('Mul', [x, rows.scale]) : x;
}

function int8Weight({ file, weightLimit }: LinearContext, matrix: Matrix): { values: WeightRef; scales: WeightRef } {
  const id = `${matrix.id}.int8`;
  const width = matrix.padded?.width ?? matrix.outputs;
  let scaleValues: Float32Array | undefined;
  const values = file.add(id, 'int8', [matrix.inputs, width], () => {
    const quantized = quantizeColumns(matrix.read(), weightLimit, width);
    scaleValues = quantized.scales;
    return quantized.values;
  });
  // The scales were written together with the values, so the second lookup never has to make them.
  const scales = file.add(`${id}.scales`, 'float32', [width], () => scaleValues as Float32Array);
  return { values, scales };
}

function floatWeight({ file, precision }: LinearContext, matrix: Matrix): WeightRef {
  const width = matrix.padded?.width ?? matrix.outputs;
  const dims = [matrix.inputs, width];
  const columns = () => toColumns(matrix.read(), width);
  if (precision === 'fp32') return file.add(`${matrix.id}.fp32`, 'float32', dims, columns);
  return file.add(`${matrix.id}.fp16`, 'float16', dims, () => {
    const values = columns();
    refuseOverflow(matrix.id, values);
    return toFloat16(values);
  });
}

function refuseOverflow(name: string, values: Float32Array): void {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest <= LARGEST_HALF) return;
  throw new PrecisError('weights', {
    found: `${name} has a value of magnitude ${largest.toPrecision(4)}`,
    expected: `at most ${LARGEST_HALF}, the largest of half precision`,
    action: 'convert with --precision fp32 or int8',
  });
}
