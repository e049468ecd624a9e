import type { Value } from './builder.js';
import { BLOCK, type CrossTensor, crossTensors, isAbsorbed } from './crossLayout.js';
import { addProduct, feedForward, type LayerContext, project, rmsNorm } from './layers.js';
import { quantizeRows, rowScale } from './linear.js';
import { EMBEDDING } from './manifest.js';
import { sharpSoftmax } from './softmax.js';

/**
 * The encoder, one document a run, on [S, d_model]. It ends with what the decoder reads at every step, padded by `padding` positions
 * (crossLayout.ts): every decoder layer's keys and values, or the states themselves. And with the states' mean, for those who want an
 * embedding: a five-hundredth of a layer's work, so that no second graph is needed.
 *
 * Inputs: ids [S]; zero_points [S] (int8); padding [1]; bias.SET.HEAD [S, S], where SET is the layer for families with a bias a layer, else 0.
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
  const tensors = new Map(crossTensors(context).map((tensor) => [tensor.name, tensor]));
  graph.output(meanOf(context, states), 'float32', [config.dModel]);
  if (isAbsorbed(context)) emitStates(context, states, padding, tensors);
  else emitKeysAndValues(context, states, padding, tensors);
}

function selfAttention(context: LayerContext, x: Value, prefix: string, biases: readonly Value[]): Value {
  const { graph, config } = context;
  const rows = quantizeRows(context, rmsNorm(context, x, `${prefix}.layer_norm.weight`));
  const packed = project(
    context,
    rows,
    ['q', 'k', 'v'].map((part) => `${prefix}.SelfAttention.${part}.weight`),
  );
  const heads = graph.split(packed, new Array(3 * config.numHeads).fill(config.dKv), 1);
  const mixed = biases.map((bias, head) => {
    const [q, k, v] = [heads[head], heads[config.numHeads + head], heads[2 * config.numHeads + head]];
    const scores = graph.op('Gemm', [q, k, bias], { transB: { int: 1 } });
    return graph.op('MatMul', [sharpSoftmax(graph, scores), v]);
  });
  const joined = graph.op('Concat', mixed, { axis: { int: 1 } });
  return addProduct(context, x, quantizeRows(context, joined), `${prefix}.SelfAttention.o.weight`);
}

function meanOf({ graph }: LayerContext, states: Value): Value {
  return graph.op('ReduceMean', [states, graph.ints([0])], { keepdims: { int: 0 } }, EMBEDDING);
}

type Tensors = ReadonlyMap<string, CrossTensor>;

function emitStates(context: LayerContext, states: Value, padding: Value, tensors: Tensors): void {
  const { graph, config } = context;
  const { stored, scale } = quantizeChannels(context, graph.transpose(states, [1, 0]), 'int8');
  declare(context, graph.reshape(scale, [1, config.dModel], 'cross_xs'), tensors);
  const padded = pad(context, stored, padding, 'cross_x');
  declare(context, padded, tensors);
  const blocks = graph.reshape(padded, [config.dModel / BLOCK, BLOCK, -1]);
  declare(context, graph.transpose(blocks, [0, 2, 1], 'cross_y'), tensors);
}

function emitKeysAndValues(context: LayerContext, states: Value, padding: Value, tensors: Tensors): void {
  const rows = quantizeRows(context, states);
  for (let layer = 0; layer < context.config.numDecoderLayers; layer++) {
    for (const part of ['k', 'v'] as const) {
      const name = `decoder.block.${layer}.layer.1.EncDecAttention.${part}.weight`;
      // Turned to [inner, S]: each channel's positions lie together, for its maximum and for the decoder's reads.
      const channels = context.graph.transpose(project(context, rows, [name]), [1, 0]);
      emitPart(context, channels, padding, layer, part, tensors);
    }
  }
}

function emitPart(
  context: LayerContext,
  channels: Value,
  padding: Value,
  layer: number,
  part: 'k' | 'v',
  tensors: Tensors,
): void {
  const { graph, config, precision, crossKernel } = context;
  const { numHeads: heads, dKv } = config;
  const name = `cross_${part}.${layer}`;
  let source = channels;
  if (precision === 'int8') {
    const type = crossKernel === 'packed' ? 'uint8' : 'int8';
    const { stored, scale } = quantizeChannels(context, channels, type);
    declare(context, graph.reshape(scale, [heads, 1, dKv], `cross_${part}s.${layer}`), tensors);
    source = stored;
  }
  const padded = pad(context, source, padding);
  if (part === 'v') {
    declare(context, graph.transpose(graph.reshape(padded, [heads, dKv, -1]), [0, 2, 1], name), tensors);
  } else if (precision === 'int8' && crossKernel === 'packed') {
    const blocks = graph.reshape(padded, [heads, dKv, -1, BLOCK]);
    declare(context, graph.transpose(blocks, [0, 2, 1, 3], name), tensors);
  } else {
    const keys = graph.reshape(padded, [heads, dKv, -1], name);
    declare(context, keys, tensors);
    if (precision === 'int8') emitCorrection(context, keys, layer, tensors);
  }
}

/** One symmetric scale a channel, over the positions of the document. */
function quantizeChannels(context: LayerContext, channels: Value, type: 'int8' | 'uint8') {
  const { graph } = context;
  const largest = graph.op('ReduceMax', [graph.op('Abs', [channels]), graph.ints([-1])], { keepdims: { int: 0 } });
  // Signed channels are the right side of u8 x s8 products, as weights are, and must not saturate where those would.
  const scale = rowScale(graph, largest, type === 'int8' ? context.weightLimit : 127);
  const zeroPoint = type === 'int8' ? 0 : 128;
  const zero = graph.op('Expand', [
    graph.constant(type, [1], type === 'int8' ? Int8Array.of(zeroPoint) : Uint8Array.of(zeroPoint)),
    graph.op('Shape', [scale]),
  ]);
  return { stored: graph.op('QuantizeLinear', [channels, scale, zero], { axis: { int: 0 } }), scale };
}

function pad(context: LayerContext, x: Value, padding: Value, as?: string): Value {
  const { graph } = context;
  return graph.op('Pad', [x, graph.op('Concat', [graph.ints([0, 0, 0]), padding], { axis: { int: 0 } })], {}, as);
}

/** What a query's zero point of 128 adds to each product with a key: -128 times the sum of the key's channels. */
function emitCorrection(context: LayerContext, keys: Value, layer: number, tensors: Tensors): void {
  const { graph, config } = context;
  const { numHeads: heads, dKv } = config;
  const row = graph.constant('uint8', [heads, 1, dKv], new Uint8Array(heads * dKv).fill(128));
  const sums = graph.op('MatMulInteger', [row, keys]);
  declare(context, graph.op('Neg', [sums], {}, `cross_kc.${layer}`), tensors);
}

function declare(context: LayerContext, name: Value, tensors: Tensors): void {
  const { type, declared } = tensors.get(name) as CrossTensor;
  context.graph.output(name, type, declared);
}
