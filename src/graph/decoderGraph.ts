import type { Value } from './builder.js';
import { crossType, keyDims } from './crossLayout.js';
import { buildHead, type HeadKind } from './headGraph.js';
import { addProduct, feedForward, type LayerContext, rmsNorm } from './layers.js';
import { applyScale, product, quantizeRows } from './linear.js';
import { ELEMENT_TYPES } from './onnx.js';

/** The values that all layers share. */
interface Shared {
  /** [D, B, H, d_kv], for splitting rows into documents and heads. */
  readonly headShape: Value;
  /** [T, B]: where the cache ends and the new tokens begin. */
  readonly cacheAndNew: Value;
  readonly selfBias: readonly Value[];
  readonly crossMask: Value;
  readonly queryZeroPoints: Value;
  /** [D, H, 1, B, d_kv]: the queries of a document beside each block of its positions. */
  readonly blockShape: Value;
  /** [D, H, B, -1]: a row of scores a query. */
  readonly scoreShape: Value;
}

/**
 * One step of the decoder for D documents with B new tokens each: beams, a chain of tokens to score, or just one.
 * Which cache slots and which new tokens each of them sees, and at what distance, is all in self_bias: the graph knows no time.
 *
 * Inputs: tokens [D, B]; self_bias.SET [D, H, B, T + B]; cross_mask [D, 1, 1, S]; zero_points [D * B] and query_zero_points [D * H * B] (int8);
 * a layer's past_k, past_v [D, H, T, d_kv]; cross_k (crossLayout.ts), cross_v [D, H, S, d_kv] and, in int8, their scales cross_ks, cross_vs
 * [D, H, 1, d_kv] and the correction cross_kc [D, H, 1, S]. Outputs: new_kv.LAYER [D * B, 2 * inner] and what the head tells.
 */
export function buildDecoder(context: LayerContext, head: HeadKind): void {
  const { graph, config, file, weights } = context;
  const { numHeads: heads, dKv } = config;
  const tokens = graph.input('tokens', 'int32', ['D', 'B']);
  const biasSets = config.biasInEveryLayer ? config.numDecoderLayers : 1;
  const selfBias = Array.from({ length: biasSets }, (_, set) =>
    graph.input(`self_bias.${set}`, 'float32', ['D', heads, 'B', 'C']),
  );
  const crossMask = graph.input('cross_mask', 'float32', ['D', 1, 1, 'S']);
  const queryZeroPoints = context.precision === 'int8' ? graph.input('query_zero_points', 'uint8', ['Q']) : '';
  const tokenShape = graph.op('Shape', [tokens]);
  const pasts = Array.from({ length: config.numDecoderLayers }, (_, layer) => ({
    k: graph.input(`past_k.${layer}`, 'float32', ['D', heads, 'T', dKv]),
    v: graph.input(`past_v.${layer}`, 'float32', ['D', heads, 'T', dKv]),
  }));
  const slots = graph.op('Shape', [pasts[0].k], { start: { int: 2 }, end: { int: 3 } });
  const documents = graph.op('Shape', [tokens], { start: { int: 0 }, end: { int: 1 } });
  const fresh = graph.op('Shape', [tokens], { start: { int: 1 }, end: { int: 2 } });
  const shared: Shared = {
    headShape: graph.op('Concat', [tokenShape, graph.ints([heads, dKv])], { axis: { int: 0 } }),
    cacheAndNew: graph.op('Concat', [slots, fresh], { axis: { int: 0 } }),
    selfBias,
    crossMask,
    queryZeroPoints,
    blockShape: graph.op('Concat', [documents, graph.ints([heads, 1]), fresh, graph.ints([dKv])], { axis: { int: 0 } }),
    scoreShape: graph.op('Concat', [documents, graph.ints([heads]), fresh, graph.ints([-1])], { axis: { int: 0 } }),
  };
  const embedding = file.add('shared.weight', 'float32', [config.vocabSize, config.dModel], () =>
    weights.readFloat32('shared.weight'),
  );
  let x = graph.reshape(graph.op('Gather', [graph.weight(embedding), tokens]), [-1, config.dModel]);
  for (let layer = 0; layer < config.numDecoderLayers; layer++) {
    const block = `decoder.block.${layer}.layer`;
    x = selfAttention(context, x, `${block}.0`, layer, pasts[layer], shared);
    x = crossAttention(context, x, `${block}.1`, layer, shared);
    x = feedForward(context, x, `${block}.2`);
  }
  const factor = config.scaleHead ? config.dModel ** -0.5 : 1;
  buildHead(context, rmsNorm(context, x, 'decoder.final_layer_norm.weight', factor), head);
}

function selfAttention(
  context: LayerContext,
  x: Value,
  prefix: string,
  layer: number,
  past: { k: Value; v: Value },
  shared: Shared,
): Value {
  const { graph, config } = context;
  const inner = config.numHeads * config.dKv;
  const rows = quantizeRows(context, rmsNorm(context, x, `${prefix}.layer_norm.weight`));
  const names = ['q', 'k', 'v'].map((part) => `${prefix}.SelfAttention.${part}.weight`);
  const packed = applyScale(context, product(context, rows, names, 128), rows);
  const newName = `new_kv.${layer}`;
  const [q, kv] = graph.split(packed, [inner, 2 * inner], 1, [undefined, newName]);
  graph.output(kv, 'float32', ['N', 2 * inner]);
  const [k, v] = graph.split(kv, [inner, inner], 1);
  const [qh, kh, vh] = [q, k, v].map((part) => splitHeads(context, part, shared));
  const old = graph.msOp('FusedMatMul', [qh, past.k], { transB: { int: 1 } });
  const current = graph.msOp('FusedMatMul', [qh, kh], { transB: { int: 1 } });
  const bias = shared.selfBias[config.biasInEveryLayer ? layer : 0];
  const scores = graph.op('Add', [graph.op('Concat', [old, current], { axis: { int: 3 } }), bias]);
  const [oldP, newP] = graph.splitBy(graph.op('Softmax', [scores], { axis: { int: -1 } }), shared.cacheAndNew, 2, 3);
  const mixed = graph.op('Add', [graph.op('MatMul', [oldP, past.v]), graph.op('MatMul', [newP, vh])]);
  return addProduct(context, x, quantizeRows(context, joinHeads(context, mixed)), `${prefix}.SelfAttention.o.weight`);
}

function crossAttention(context: LayerContext, x: Value, prefix: string, layer: number, shared: Shared): Value {
  const { graph, config } = context;
  const { numHeads: heads, dKv } = config;
  const rows = quantizeRows(context, rmsNorm(context, x, `${prefix}.layer_norm.weight`));
  const q = applyScale(context, product(context, rows, [`${prefix}.EncDecAttention.q.weight`], 128), rows);
  const qh = splitHeads(context, q, shared);
  const type = crossType(context);
  const k = graph.input(`cross_k.${layer}`, type, ['D', ...keyDims(context, 'S')]);
  const v = graph.input(`cross_v.${layer}`, type, ['D', heads, 'S', dKv]);
  let mixed: Value;
  if (context.precision === 'int8') {
    mixed = int8Attention(context, qh, k, v, layer, shared);
  } else {
    const scores = graph.op('Add', [graph.op('MatMul', [qh, k]), shared.crossMask]);
    mixed = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: { int: -1 } }), v]);
  }
  return addProduct(context, x, quantizeRows(context, joinHeads(context, mixed)), `${prefix}.EncDecAttention.o.weight`);
}

/** Keys and values stay int8: reading the whole document at every step is what bounds the decoder. */
function int8Attention(context: LayerContext, q: Value, k: Value, v: Value, layer: number, shared: Shared): Value {
  const { graph, config, crossKernel } = context;
  const { numHeads: heads, dKv } = config;
  const keyScale = graph.input(`cross_ks.${layer}`, 'float32', ['D', heads, 1, dKv]);
  const valueScale = graph.input(`cross_vs.${layer}`, 'float32', ['D', heads, 1, dKv]);
  const scaled = graph.op('Mul', [q, keyScale]);
  const largest = graph.op('ReduceMax', [graph.op('Abs', [scaled]), graph.ints([-1])], { keepdims: { int: 1 } });
  const queryScale = graph.op('Max', [graph.op('Mul', [largest, graph.float(1 / 127)]), graph.float(1e-30)]);
  const flatQuery = graph.op(
    'QuantizeLinear',
    [graph.reshape(scaled, [-1, dKv]), graph.reshape(queryScale, [-1]), shared.queryZeroPoints],
    {
      axis: { int: 0 },
    },
  );
  const scores = graph.op('Mul', [keyProduct(context, flatQuery, k, layer, shared), queryScale]);
  const probabilities = graph.op('Softmax', [graph.op('Add', [scores, shared.crossMask])], { axis: { int: -1 } });
  const peak = graph.op('ReduceMax', [probabilities, graph.ints([-1])], { keepdims: { int: 1 } });
  const step = graph.op('Mul', [peak, graph.float(1 / 255)]);
  const wide = graph.op('Shape', [probabilities]);
  const flat = graph.op('Reshape', [
    probabilities,
    graph.op('Concat', [graph.ints([-1]), lastOf(context, wide)], { axis: { int: 0 } }),
  ]);
  const flatWeights = graph.op('QuantizeLinear', [flat, graph.reshape(step, [-1])], { axis: { int: 0 } });
  const weights = graph.op('Reshape', [flatWeights, wide]);
  const sums =
    crossKernel === 'packed'
      ? graph.msOp('MatMulIntegerToFloat', [
          weights,
          v,
          graph.float(1),
          graph.float(1),
          byte(context, 0),
          byte(context, 128),
        ])
      : graph.cast(graph.op('MatMulInteger', [weights, v]), ELEMENT_TYPES.float32);
  return graph.op('Mul', [graph.op('Mul', [sums, step]), valueScale]);
}

/** Scores [D, H, B, S], still without the query's scale. */
function keyProduct(context: LayerContext, flatQuery: Value, k: Value, layer: number, shared: Shared): Value {
  const { graph, config, crossKernel } = context;
  if (crossKernel === 'packed') {
    const query = graph.op('Reshape', [flatQuery, shared.blockShape]);
    const inputs = [query, k, graph.float(1), graph.float(1), byte(context, 128), byte(context, 128)];
    const blocks = graph.msOp('MatMulIntegerToFloat', inputs);
    return graph.op('Reshape', [graph.transpose(blocks, [0, 1, 3, 2, 4]), shared.scoreShape]);
  }
  const rows = graph.op('Reshape', [flatQuery, shared.scoreShape]);
  const correction = graph.input(`cross_kc.${layer}`, 'int32', ['D', config.numHeads, 1, 'S']);
  return graph.cast(graph.op('Add', [graph.op('MatMulInteger', [rows, k]), correction]), ELEMENT_TYPES.float32);
}

function byte(context: LayerContext, value: number): Value {
  return context.graph.constant('uint8', [], Uint8Array.of(value));
}

function lastOf(context: LayerContext, shape: Value): Value {
  return context.graph.op('Gather', [shape, context.graph.ints([3])], { axis: { int: 0 } });
}

function splitHeads(context: LayerContext, rows: Value, shared: Shared): Value {
  return context.graph.transpose(context.graph.op('Reshape', [rows, shared.headShape]), [0, 2, 1, 3]);
}

function joinHeads(context: LayerContext, mixed: Value): Value {
  const { graph, config } = context;
  return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, config.numHeads * config.dKv]);
}
