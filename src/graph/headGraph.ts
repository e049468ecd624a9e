import type { Value } from './builder.js';
import type { LayerContext } from './layers.js';
import { applyScale, product, quantizeRows, type Rows } from './linear.js';
import { ELEMENT_TYPES } from './onnx.js';

/**
 * What a decoder graph tells of the next token's distribution:
 * `argmax` only the best id; `ranked` the K best ids; `best` these with their logits and the log of the softmax' denominator;
 * `all` every logit and that log.
 */
export type HeadKind = 'argmax' | 'ranked' | 'best' | 'all';
export const HEAD_KINDS: readonly HeadKind[] = ['argmax', 'ranked', 'best', 'all'];

/** The maximum of each block of this many logits is taken first: looking at the whole vocabulary with ArgMax or TopK is far slower. */
export const VOCABULARY_BLOCK = 128;
const BLOCK = VOCABULARY_BLOCK;

/** Logit of the columns that pad a vocabulary to whole blocks: below everything real, and still finite. */
const NEVER = -1e30;

export function paddedVocabulary(vocabSize: number): number {
  return Math.ceil(vocabSize / BLOCK) * BLOCK;
}

export function buildHead(context: LayerContext, states: Value, kind: HeadKind): void {
  const { graph, config } = context;
  const rows = quantizeRows(context, states);
  const blocks = paddedVocabulary(config.vocabSize) / BLOCK;
  const raw = headProduct(context, rows);
  // The scale of a row is positive: it cannot change the order of its logits.
  if (kind === 'argmax' || kind === 'ranked') {
    if (kind === 'argmax') buildArgmax(context, raw, blocks);
    else buildBest(context, raw, blocks);
    return;
  }
  const logits =
    kind === 'all'
      ? graph.op('Identity', [applyScale(context, raw, rows)], {}, 'logits')
      : applyScale(context, raw, rows);
  const probabilities = graph.op('Softmax', [logits], { axis: { int: -1 } });
  if (kind === 'best') {
    const best = buildBest(context, logits, blocks);
    const topProbability = graph.op('GatherElements', [probabilities, firstColumn(context, best.ids)], {
      axis: { int: 1 },
    });
    const topLogit = firstColumn(context, best.logits);
    graph.output(graph.op('Identity', [best.logits], {}, 'logits'), 'float32', ['N', 'K']);
    graph.output(graph.op('Sub', [topLogit, graph.op('Log', [topProbability])], {}, 'log_sum_exp'), 'float32', [
      'N',
      1,
    ]);
    return;
  }
  const top = graph.op('ReduceMax', [logits, graph.ints([-1])], { keepdims: { int: 1 } });
  const topProbability = graph.op('ReduceMax', [probabilities, graph.ints([-1])], { keepdims: { int: 1 } });
  graph.output(graph.op('Sub', [top, graph.op('Log', [topProbability])], {}, 'log_sum_exp'), 'float32', ['N', 1]);
  graph.output('logits', 'float32', ['N', blocks * BLOCK]);
}

function buildArgmax(context: LayerContext, logits: Value, blocks: number): void {
  const { graph } = context;
  const perBlock = graph.reshape(logits, [-1, blocks, BLOCK]);
  const maxima = graph.op('ReduceMax', [perBlock, graph.ints([2])], { keepdims: { int: 0 } });
  const block = graph.op('ArgMax', [maxima], { axis: { int: 1 }, keepdims: { int: 0 } });
  const chosen = graph.op('Gather', [
    graph.reshape(logits, [-1, BLOCK]),
    graph.op('Add', [block, firstBlocks(context, block, blocks)]),
  ]);
  const inside = graph.op('ArgMax', [chosen], { axis: { int: 1 }, keepdims: { int: 0 } });
  const blockSize = graph.constant('int64', [], BigInt64Array.of(BigInt(BLOCK)));
  const id = graph.op('Add', [graph.op('Mul', [block, blockSize]), inside]);
  graph.output(graph.cast(id, ELEMENT_TYPES.int32, 'ids'), 'int32', ['N']);
}

/** Exact: the K best logits lie in the K blocks with the largest maxima. */
function buildBest(context: LayerContext, logits: Value, blocks: number): { ids: Value; logits: Value } {
  const { graph } = context;
  const count = graph.input('best_count', 'int64', [1]);
  const blockCount = graph.input('block_count', 'int64', [1]);
  const perBlock = graph.reshape(logits, [-1, blocks, BLOCK]);
  const maxima = graph.op('ReduceMax', [perBlock, graph.ints([2])], { keepdims: { int: 0 } });
  const chosenBlocks = graph.topK(maxima, blockCount, 1).indices;
  const first = graph.op('Unsqueeze', [firstBlocks(context, maxima, blocks), graph.ints([1])]);
  const chosen = graph.op('Gather', [graph.reshape(logits, [-1, BLOCK]), graph.op('Add', [chosenBlocks, first])]);
  const best = graph.topK(graph.op('Flatten', [chosen], { axis: { int: 1 } }), count, 1);
  const blockSize = graph.constant('int64', [], BigInt64Array.of(BigInt(BLOCK)));
  const blockOf = graph.op('GatherElements', [chosenBlocks, graph.op('Div', [best.indices, blockSize])], {
    axis: { int: 1 },
  });
  const ids = graph.op('Add', [graph.op('Mul', [blockOf, blockSize]), graph.op('Mod', [best.indices, blockSize])]);
  graph.output(graph.cast(ids, ELEMENT_TYPES.int32, 'ids'), 'int32', ['N', 'K']);
  return { ids, logits: best.values };
}

function firstColumn(context: LayerContext, matrix: Value): Value {
  const { graph } = context;
  return graph.op('Slice', [matrix, graph.ints([0]), graph.ints([1]), graph.ints([1])]);
}

/** For each row the number of its first block when all rows' blocks are counted through; `like` has one entry a row in its first axis. */
function firstBlocks(context: LayerContext, like: Value, blocks: number): Value {
  const { graph } = context;
  const rows = graph.op('Squeeze', [graph.op('Shape', [like], { start: { int: 0 }, end: { int: 1 } })]);
  const zero = graph.constant('int64', [], BigInt64Array.of(0n));
  const one = graph.constant('int64', [], BigInt64Array.of(1n));
  const range = graph.op('Range', [zero, rows, one]);
  return graph.op('Mul', [range, graph.constant('int64', [], BigInt64Array.of(BigInt(blocks)))]);
}

function headProduct(context: LayerContext, rows: Rows): Value {
  const { file, weights, config } = context;
  const name = config.tiedHead ? 'shared.weight' : 'lm_head.weight';
  const { vocabSize, dModel } = config;
  const width = paddedVocabulary(vocabSize);
  const bias = () => new Float32Array(width).fill(NEVER, vocabSize);
  return product(
    context,
    rows,
    {
      id: 'head',
      inputs: dModel,
      outputs: vocabSize,
      read: () => ({ rows: vocabSize, columns: dModel, values: weights.readFloat32(name) }),
      padded: width === vocabSize ? undefined : { width, bias: file.add('head.bias', 'float32', [width], bias) },
    },
    128,
  );
}
