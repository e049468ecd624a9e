import type { Value } from './builder.js';
import { crossTensors, isAbsorbed } from './crossLayout.js';
import { headProduct, keyMatrix, valueMatrix } from './headMatrices.js';
import { addProduct, type LayerContext, project, rmsNorm } from './layers.js';
import { packedMatrix, product, quantizeRows, rowScale } from './linear.js';
import { ELEMENT_TYPES } from './onnx.js';
import { sharpSoftmax } from './softmax.js';

/** What all layers' cross attention shares, made once a graph. */
export interface CrossShared {
  /** [D, B, H, d_kv]: splits rows into documents and heads. */
  readonly headShape: Value;
  /** The encoder's tensors by name. */
  readonly tensors: ReadonlyMap<string, Value>;
  /** int8: as many 128s as there are queries, D * B * H. */
  readonly queryZeroPoints: Value;
  /** 0 for positions of a document, minus infinity for its padding: [D, 1, 1, P], or [D, 1, P] if absorbed. */
  readonly mask: Value;
  /** What brings a flat list of queries into the form of the product with the keys, and its result into rows of scores. */
  readonly queryShape: Value;
  readonly scoreShape: Value;
  /** Absorbed only: [H, D, B, d_model] and [D, B * H, 1]. */
  readonly perHeadShape: Value;
  readonly perQueryShape: Value;
}

export function shareCross(context: LayerContext, headShape: Value): CrossShared {
  const { graph, config } = context;
  const { numHeads: heads, dKv, dModel } = config;
  const int8 = context.precision === 'int8';
  const absorbed = isAbsorbed(context);
  const tensors = new Map<string, Value>();
  for (const { name, type, declared } of crossTensors(context)) {
    tensors.set(name, graph.input(name, type, ['D', ...declared]));
  }
  const [documents, rows] = [0, 1].map((axis) => graph.op('Gather', [headShape, graph.ints([axis])]));
  const shape = (...parts: readonly Value[]): Value => graph.op('Concat', parts, { axis: { int: 0 } });
  const queryShape = absorbed
    ? shape(documents, graph.ints([-1, dModel]))
    : context.crossKernel === 'packed'
      ? shape(documents, graph.ints([heads, 1]), rows, graph.ints([dKv]))
      : shape(documents, graph.ints([heads]), rows, graph.ints([dKv]));
  return {
    headShape,
    tensors,
    queryZeroPoints: int8 ? graph.input('query_zero_points', 'uint8', ['Q']) : '',
    mask: absorbed
      ? graph.reshape(graph.input('cross_mask', 'float32', ['D', 1, 1, 'P']), [0, 1, -1])
      : graph.input('cross_mask', 'float32', ['D', 1, 1, 'P']),
    queryShape,
    scoreShape: shape(documents, graph.ints([heads]), rows, graph.ints([-1])),
    perHeadShape: absorbed ? shape(graph.ints([heads]), documents, rows, graph.ints([dModel])) : '',
    perQueryShape: absorbed ? shape(documents, graph.ints([-1, 1])) : '',
  };
}

/** The cross-attention sublayer with its norm and residual; `prefix` ends before `layer_norm` and `EncDecAttention`. */
export function crossAttention(
  context: LayerContext,
  x: Value,
  prefix: string,
  layer: number,
  shared: CrossShared,
): Value {
  const normed = rmsNorm(context, x, `${prefix}.layer_norm.weight`);
  if (isAbsorbed(context)) return absorbedAttention(context, x, normed, `${prefix}.EncDecAttention`, shared);
  const { graph, config } = context;
  const rows = quantizeRows(context, normed);
  const q = project(context, rows, [`${prefix}.EncDecAttention.q.weight`]);
  const queries = graph.transpose(graph.op('Reshape', [q, shared.headShape]), [0, 2, 1, 3]);
  const mixed =
    context.precision === 'int8'
      ? int8Attention(context, queries, layer, shared)
      : floatAttention(context, queries, layer, shared);
  const joined = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, config.numHeads * config.dKv]);
  return addProduct(context, x, quantizeRows(context, joined), `${prefix}.EncDecAttention.o.weight`);
}

function floatAttention(context: LayerContext, queries: Value, layer: number, shared: CrossShared): Value {
  const { graph } = context;
  const [k, v] = ['k', 'v'].map((part) => tensorOf(shared, `cross_${part}.${layer}`));
  const scores = graph.op('Add', [graph.op('MatMul', [queries, k]), shared.mask]);
  return graph.op('MatMul', [sharpSoftmax(graph, scores), v]);
}

/** Keys and values stay int8: reading the whole document at every step is what bounds the decoder. The keys' scale is folded into the query. */
function int8Attention(context: LayerContext, queries: Value, layer: number, shared: CrossShared): Value {
  const { graph, config, crossKernel } = context;
  const scaled = graph.op('Mul', [queries, tensorOf(shared, `cross_ks.${layer}`)]);
  const query = quantizeQueries(context, graph.reshape(scaled, [-1, config.dKv]), shared);
  const raw = keyProduct(context, graph.op('Reshape', [query.value, shared.queryShape]), layer, shared);
  const scores = graph.op('Mul', [
    graph.op('Reshape', [raw, shared.scoreShape]),
    scoreScale(context, query.scale, shared),
  ]);
  const weights = attentionWeights(context, scores, shared.mask);
  const v = tensorOf(shared, `cross_v.${layer}`);
  const sums =
    crossKernel === 'packed'
      ? toFloat(context, [weights.value, v], 0, 128)
      : graph.cast(graph.op('MatMulInteger', [weights.value, v]), ELEMENT_TYPES.float32);
  return graph.op('Mul', [graph.op('Mul', [sums, weights.scale]), tensorOf(shared, `cross_vs.${layer}`)]);
}

function keyProduct(context: LayerContext, query: Value, layer: number, shared: CrossShared): Value {
  const { graph } = context;
  const k = tensorOf(shared, `cross_k.${layer}`);
  if (context.crossKernel === 'packed') return graph.transpose(toFloat(context, [query, k], 128, 128), [0, 1, 3, 2, 4]);
  const sums = graph.op('Add', [graph.op('MatMulInteger', [query, k]), tensorOf(shared, `cross_kc.${layer}`)]);
  return graph.cast(sums, ELEMENT_TYPES.float32);
}

/**
 * On the encoder's states: each head's query goes through its key matrix and then meets the states directly, all heads (and beams) of a
 * document as rows of one product; what it gathers goes through the head's value matrix. Rows' scales are positive numbers, so they are
 * left out where a quantization follows, and join its scale.
 */
function absorbedAttention(context: LayerContext, x: Value, normed: Value, prefix: string, shared: CrossShared): Value {
  const { graph, config } = context;
  const { dModel, dKv, numHeads: heads } = config;
  const channelScale = tensorOf(shared, 'cross_xs');
  const byHead = graph.reshape(channelScale, [1, -1, 1, dModel]);
  const rows = quantizeRows(context, normed);
  const q = product(context, rows, packedMatrix(context, [`${prefix}.q.weight`]), 128);
  const small = quantizeQueries(context, graph.reshape(q, [-1, dKv]), shared);
  // [N * H, d_kv] to [H, N, d_kv]: a product for each head.
  const perHead = graph.transpose(graph.reshape(small.value, [-1, heads, dKv]), [1, 0, 2]);
  const wide = headProduct(context, perHead, keyMatrix(context, prefix));
  const scaled = graph.op('Mul', [graph.op('Reshape', [wide, shared.perHeadShape]), byHead]);
  const query = quantizeQueries(context, graph.reshape(scaled, [-1, dModel]), shared);
  const backward = graph.transpose(graph.op('Reshape', [query.value, shared.perHeadShape]), [1, 2, 0, 3]);
  const queries = graph.op('Reshape', [backward, shared.queryShape]);
  const scale = graph.op('Mul', [
    graph.transpose(graph.reshape(query.scale, [heads, -1]), [1, 0]),
    graph.op('Mul', [graph.reshape(small.scale, [-1, heads]), rows.scale as Value]),
  ]);
  const scores = graph.op('Mul', [
    toFloat(context, [queries, tensorOf(shared, 'cross_x')], 128, null),
    graph.op('Reshape', [scale, shared.perQueryShape]),
  ]);
  const attended = attentionWeights(context, scores, shared.mask);
  // The states in blocks of channels: [D, 1, rows, P] x [D, blocks, P, 64].
  const spread = graph.op('Unsqueeze', [attended.value, graph.ints([1])]);
  const sums = toFloat(context, [spread, tensorOf(shared, 'cross_y')], 0, null);
  const gathered = graph.op('Reshape', [graph.transpose(sums, [0, 2, 1, 3]), shared.queryShape]);
  const flat = graph.reshape(graph.op('Mul', [gathered, channelScale]), [-1, dModel]);
  const mixed = quantizeQueries(context, flat, shared);
  const mixedPerHead = graph.transpose(graph.reshape(mixed.value, [-1, heads, dModel]), [1, 0, 2]);
  const values = graph.transpose(headProduct(context, mixedPerHead, valueMatrix(context, prefix)), [1, 0, 2]);
  const valueScale = graph.op('Mul', [
    graph.reshape(mixed.scale, [-1, heads, 1]),
    graph.reshape(attended.scale, [-1, heads, 1]),
  ]);
  const joined = graph.reshape(graph.op('Mul', [values, valueScale]), [-1, heads * dKv]);
  return addProduct(context, x, quantizeRows(context, joined), `${prefix}.o.weight`);
}

/** Each query by its own largest magnitude; `flat` is [queries, channels]. */
function quantizeQueries(context: LayerContext, flat: Value, shared: CrossShared): { value: Value; scale: Value } {
  const { graph } = context;
  const largest = graph.op('ReduceMax', [graph.op('Abs', [flat]), graph.ints([-1])], { keepdims: { int: 0 } });
  const scale = rowScale(graph, largest, 127);
  return { value: graph.op('QuantizeLinear', [flat, scale, shared.queryZeroPoints], { axis: { int: 0 } }), scale };
}

/** Softmax, then uint8 by each row's largest probability; its step is the scale. */
function attentionWeights(context: LayerContext, scores: Value, mask: Value): { value: Value; scale: Value } {
  const { graph } = context;
  const probabilities = sharpSoftmax(graph, graph.op('Add', [scores, mask]));
  const peak = graph.op('ReduceMax', [probabilities, graph.ints([-1])], { keepdims: { int: 1 } });
  const scale = graph.op('Mul', [peak, graph.float(1 / 255)]);
  const shape = graph.op('Shape', [probabilities]);
  const positions = graph.op('Gather', [shape, graph.ints([-1])]);
  const flatShape = graph.op('Concat', [graph.ints([-1]), positions], { axis: { int: 0 } });
  const flat = graph.op('Reshape', [probabilities, flatShape]);
  const bytes = graph.op('QuantizeLinear', [flat, graph.reshape(scale, [-1])], { axis: { int: 0 } });
  return { value: graph.op('Reshape', [bytes, shape]), scale };
}

function scoreScale(context: LayerContext, scale: Value, shared: CrossShared): Value {
  return context.graph.op('Reshape', [scale, shared.scoreShape]);
}

function toFloat(context: LayerContext, [a, b]: readonly [Value, Value], zeroA: number, zeroB: number | null): Value {
  const { graph } = context;
  const byte = (value: number): Value => graph.constant('uint8', [], Uint8Array.of(value));
  const inputs = [a, b, graph.float(1), graph.float(1), byte(zeroA)];
  return graph.msOp('MatMulIntegerToFloat', zeroB === null ? inputs : [...inputs, byte(zeroB)]);
}

function tensorOf(shared: CrossShared, name: string): Value {
  return shared.tensors.get(name) as Value;
}
