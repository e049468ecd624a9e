import type { ModelConfig } from '../checkpoint/types.js';
import type { Value } from './builder.js';
import type { CrossKernel } from './crossLayout.js';
import {
  applyScale,
  type LinearContext,
  packedMatrix,
  product,
  quantizeRelu,
  quantizeRows,
  type Rows,
} from './linear.js';

/** What the encoder's and the decoder's layers are made of. */
export interface LayerContext extends LinearContext {
  readonly config: ModelConfig;
  readonly crossKernel: CrossKernel;
}

/** T5's layer norm: no mean, no bias. `factor` is folded into its weight (the tied head's d_model^-0.5). */
export function rmsNorm(context: LayerContext, x: Value, name: string, factor = 1): Value {
  const { graph, file, weights, config } = context;
  const suffix = factor === 1 ? '' : `*${factor}`;
  const ref = file.add(`${name}${suffix}`, 'float32', [config.dModel], () => {
    const values = weights.readFloat32(name);
    return factor === 1 ? values : values.map((value) => value * factor);
  });
  const attributes = { axis: { int: -1 }, epsilon: { float: config.layerNormEpsilon }, stash_type: { int: 1 } };
  return graph.op('SimplifiedLayerNormalization', [x, graph.weight(ref)], attributes);
}

/** The product with the checkpoint's matrices `names` side by side, its rows' scale applied. */
export function project(context: LayerContext, rows: Rows, names: readonly string[]): Value {
  return applyScale(context, product(context, rows, packedMatrix(context, names), 128), rows);
}

/** x + product of `rows` with the matrix `name`. */
export function addProduct(context: LayerContext, x: Value, rows: Rows, name: string): Value {
  return context.graph.op('Add', [x, project(context, rows, [name])]);
}

/** The feed-forward sublayer with its norm and residual; `prefix` ends before `layer_norm` and `DenseReluDense`. */
export function feedForward(context: LayerContext, x: Value, prefix: string): Value {
  const { graph, config } = context;
  const rows = quantizeRows(context, rmsNorm(context, x, `${prefix}.layer_norm.weight`));
  const dense = `${prefix}.DenseReluDense`;
  if (config.gated) {
    const [gate, linear] = graph.split(
      project(context, rows, [`${dense}.wi_0.weight`, `${dense}.wi_1.weight`]),
      [config.dFf, config.dFf],
      1,
    );
    const hidden = quantizeRows(context, graph.op('Mul', [activate(context, gate), linear]));
    return addProduct(context, x, hidden, `${dense}.wo.weight`);
  }
  if (config.activation !== 'relu') {
    const hidden = quantizeRows(context, activate(context, project(context, rows, [`${dense}.wi.weight`])));
    return addProduct(context, x, hidden, `${dense}.wo.weight`);
  }
  // A row's scale is positive, so it passes through ReLU: both rows' scales are applied at once, after the second product.
  const hidden = quantizeRelu(context, product(context, rows, packedMatrix(context, [`${dense}.wi.weight`]), 128));
  const narrow = product(context, hidden, packedMatrix(context, [`${dense}.wo.weight`]), 0);
  const scale = hidden.scale && rows.scale ? graph.op('Mul', [hidden.scale, rows.scale]) : null;
  return graph.op('Add', [x, scale ? graph.op('Mul', [narrow, scale]) : narrow]);
}

function activate(context: LayerContext, x: Value): Value {
  const { graph, config } = context;
  if (config.activation === 'relu') return graph.op('Relu', [x]);
  if (config.activation === 'gelu_new') return graph.msOp('FastGelu', [x]);
  if (config.activation === 'gelu') return graph.op('Gelu', [x]);
  return graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
}
