import type { Value } from './builder.js';
import { type CrossShared, crossAttention, shareCross } from './crossAttention.js';
import { buildHead, type HeadKind } from './headGraph.js';
import { addProduct, feedForward, type LayerContext, project, rmsNorm } from './layers.js';
import { quantizeRows } from './linear.js';

/** The values that all layers share. */
interface Shared {
  /** [D, B, H, d_kv], for splitting rows into documents and heads. */
  readonly headShape: Value;
  /** [T, B]: where the cache ends and the new tokens begin. */
  readonly cacheAndNew: Value;
  readonly selfBias: readonly Value[];
  readonly cross: CrossShared;
}

/**
 * One step of the decoder for D documents with B new tokens each: beams, a chain of tokens to score, or just one.
 * Which cache slots and which new tokens each of them sees, and at what distance, is all in self_bias: the graph knows no time.
 *
 * Inputs: tokens [D, B]; self_bias.SET [D, H, B, T + B]; cross_mask [D, 1, 1, P]; zero_points [D * B] and query_zero_points [D * H * B] (int8);
 * a layer's past_k, past_v [D, H, T, d_kv]; what the encoder left, by document (crossLayout.ts).
 * Outputs: new_kv.LAYER [D * B, 2 * inner] and what the head tells.
 */
export function buildDecoder(context: LayerContext, head: HeadKind): void {
  const { graph, config, file, weights } = context;
  const { numHeads: heads, dKv } = config;
  const tokens = graph.input('tokens', 'int32', ['D', 'B']);
  const biasSets = config.biasInEveryLayer ? config.numDecoderLayers : 1;
  const selfBias = Array.from({ length: biasSets }, (_, set) =>
    graph.input(`self_bias.${set}`, 'float32', ['D', heads, 'B', 'C']),
  );
  const pasts = Array.from({ length: config.numDecoderLayers }, (_, layer) => ({
    k: graph.input(`past_k.${layer}`, 'float32', ['D', heads, 'T', dKv]),
    v: graph.input(`past_v.${layer}`, 'float32', ['D', heads, 'T', dKv]),
  }));
  const slots = graph.op('Shape', [pasts[0].k], { start: { int: 2 }, end: { int: 3 } });
  const fresh = graph.op('Shape', [tokens], { start: { int: 1 }, end: { int: 2 } });
  const headShape = graph.op('Concat', [graph.op('Shape', [tokens]), graph.ints([heads, dKv])], { axis: { int: 0 } });
  const shared: Shared = {
    headShape,
    cacheAndNew: graph.op('Concat', [slots, fresh], { axis: { int: 0 } }),
    selfBias,
    cross: shareCross(context, headShape),
  };
  const embedding = file.add('shared.weight', 'float32', [config.vocabSize, config.dModel], () =>
    weights.readFloat32('shared.weight'),
  );
  let x = graph.reshape(graph.op('Gather', [graph.weight(embedding), tokens]), [-1, config.dModel]);
  for (let layer = 0; layer < config.numDecoderLayers; layer++) {
    const block = `decoder.block.${layer}.layer`;
    x = selfAttention(context, x, `${block}.0`, layer, pasts[layer], shared);
    x = crossAttention(context, x, `${block}.1`, layer, shared.cross);
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
  const packed = project(context, rows, names);
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

function splitHeads(context: LayerContext, rows: Value, shared: Shared): Value {
  return context.graph.transpose(context.graph.op('Reshape', [rows, shared.headShape]), [0, 2, 1, 3]);
}

function joinHeads(context: LayerContext, mixed: Value): Value {
  const { graph, config } = context;
  return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [-1, config.numHeads * config.dKv]);
}
