import type { Value } from './builder.js';
import { blockedKeys, crossType, keyDims, POSITION_BLOCK } from './crossLayout.js';
import { addProduct, feedForward, type LayerContext, rmsNorm } from './layers.js';
import { applyScale, product, quantizeRows } from './linear.js';

/**
 * The encoder, one document a run, on [S, d_model]. Next to the layers it computes every decoder layer's cross-attention keys and values,
 * padded by `padding` positions, in the form in which the decoder reads them at every step.
 *
 * Inputs: ids [S]; zero_points [S] (int8); padding [1]; bias.SET.HEAD [S, S], where SET is the layer for families with a bias a layer, else 0.
 * Outputs: cross_k.LAYER (crossLayout.ts) and cross_v.LAYER [H, P, d_kv], with cross_ks / cross_vs scales [H, 1, d_kv] in int8.
 */
export function buildEncoder(context: LayerContext): void {
  const { graph, config, file, weights } = context;
  const ids = graph.input('ids', 'int32', ['S']);
  const padding = graph.input('padding', 'int64', [1]);
  const biasSets = config.biasInEveryLayer ? config.numLayers : 1;
  const biases: Value[][] = [];
  for (let set = 0; set < biasSets; set++) {
    biases.push(
      Array.from({ length: config.numHeads }, (_, h) => graph.input(`bias.${set}.${h}`, 'float32', ['S', 'S'])),
    );
  }
  const embedding = file.add('shared.weight', 'float32', [config.vocabSize, config.dModel], () =>
    weights.readFloat32('shared.weight'),
  );
  let x = graph.op('Gather', [graph.weight(embedding), ids]);
  for (let layer = 0; layer < config.numLayers; layer++) {
    const block = `encoder.block.${layer}.layer`;
    x = selfAttention(context, x, `${block}.0`, biases[config.biasInEveryLayer ? layer : 0]);
    x = feedForward(context, x, `${block}.1`);
  }
  const states = rmsNorm(context, x, 'encoder.final_layer_norm.weight');
  const rows = quantizeRows(context, states);
  for (let layer = 0; layer < config.numDecoderLayers; layer++) {
    const attention = `decoder.block.${layer}.layer.1.EncDecAttention`;
    const keys = transposedProduct(context, rows, `${attention}.k.weight`);
    const values = transposedProduct(context, rows, `${attention}.v.weight`);
    emitCross(context, keys, padding, layer, 'k');
    emitCross(context, values, padding, layer, 'v');
  }
}

function selfAttention(context: LayerContext, x: Value, prefix: string, biases: readonly Value[]): Value {
  const { graph, config } = context;
  const rows = quantizeRows(context, rmsNorm(context, x, `${prefix}.layer_norm.weight`));
  const names = ['q', 'k', 'v'].map((part) => `${prefix}.SelfAttention.${part}.weight`);
  const packed = applyScale(context, product(context, rows, names, 128), rows);
  const heads = graph.split(packed, new Array(3 * config.numHeads).fill(config.dKv), 1);
  const mixed = biases.map((bias, head) => {
    const [q, k, v] = [heads[head], heads[config.numHeads + head], heads[2 * config.numHeads + head]];
    const scores = graph.op('Gemm', [q, k, bias], { transB: { int: 1 } });
    return graph.op('MatMul', [graph.op('Softmax', [scores], { axis: { int: -1 } }), v]);
  });
  const joined = graph.op('Concat', mixed, { axis: { int: 1 } });
  return addProduct(context, x, quantizeRows(context, joined), `${prefix}.SelfAttention.o.weight`);
}

/** [S, inner] turned to [inner, S]: each channel's positions lie together, for its maximum and for the decoder's reads. */
function transposedProduct(context: LayerContext, rows: { value: Value; scale: Value | null }, name: string): Value {
  return context.graph.transpose(applyScale(context, product(context, rows, [name], 128), rows), [1, 0]);
}

function emitCross(context: LayerContext, channels: Value, padding: Value, layer: number, part: 'k' | 'v'): void {
  const { graph, config } = context;
  const { numHeads: heads, dKv } = config;
  const int8 = context.precision === 'int8';
  const type = crossType(context);
  let stored = channels;
  if (int8) {
    const largest = graph.op('ReduceMax', [graph.op('Abs', [channels]), graph.ints([-1])], { keepdims: { int: 0 } });
    const scale = graph.op('Max', [graph.op('Mul', [largest, graph.float(1 / 127)]), graph.float(1e-30)]);
    const unsigned = type === 'uint8';
    const zero = unsigned ? new Uint8Array(heads * dKv).fill(128) : new Int8Array(heads * dKv);
    stored = graph.op('QuantizeLinear', [channels, scale, graph.constant(type, [heads * dKv], zero)], {
      axis: { int: 0 },
    });
    graph.output(graph.reshape(scale, [heads, 1, dKv], `cross_${part}s.${layer}`), 'float32', [heads, 1, dKv]);
  }
  const pads = graph.op('Concat', [graph.ints([0, 0, 0]), padding], { axis: { int: 0 } });
  const padded = graph.op('Pad', [stored, pads]);
  const name = `cross_${part}.${layer}`;
  if (part === 'k' && blockedKeys(context)) {
    const blocks = graph.reshape(padded, [heads, dKv, -1, POSITION_BLOCK]);
    graph.output(graph.transpose(blocks, [0, 2, 1, 3], name), type, keyDims(context, 'P'));
  } else if (part === 'k') {
    const keys = graph.reshape(padded, [heads, dKv, -1], name);
    graph.output(keys, type, keyDims(context, 'P'));
    if (int8) emitCorrection(context, keys, layer);
  } else {
    const split = graph.reshape(padded, [heads, dKv, -1]);
    graph.output(graph.transpose(split, [0, 2, 1], name), type, [heads, 'P', dKv]);
  }
}

/** What a query's zero point of 128 adds to each product with a key: -128 times the sum of the key's channels. */
function emitCorrection(context: LayerContext, keys: Value, layer: number): void {
  const { graph, config } = context;
  const { numHeads: heads, dKv } = config;
  const row = graph.constant('uint8', [heads, 1, dKv], new Uint8Array(heads * dKv).fill(128));
  graph.output(graph.op('Neg', [graph.op('MatMulInteger', [row, keys])], {}, `cross_kc.${layer}`), 'int32', [
    heads,
    1,
    'P',
  ]);
}
