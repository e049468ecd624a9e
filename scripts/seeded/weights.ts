import { EMBEDDING, type ExpectedTensor, HEAD } from '../../src/checkpoint/tensors.js';
import type { ModelConfig } from '../../src/checkpoint/types.js';
import { NormalStream } from './random.js';

/** How the pieces of the model are weighed against each other. `variety.py` measures what comes out. */
export interface Scales {
  /** Standard deviation of the self-attention scores from content, and of the relative bias. */
  readonly encoderSharpness: number;
  readonly decoderSharpness: number;
  readonly bias: number;
  /** Share of the branches' output in the residual stream, whose embeddings have deviation 1. */
  readonly encoderBranch: number;
  readonly decoderBranch: number;
  readonly feedForward: number;
  /** Standard deviation of the cross-attention scores: how much of its weight goes to few positions. */
  readonly crossSharpness: number;
  /** Weight of the copied token in the decoder's stream, in the last layer and in those before it. */
  readonly copy: number;
  readonly earlyCopy: number;
  /** How strongly tokens that were already given are taken out again. */
  readonly coverage: number;
  /** Share of the cross-attention's query and key that all heads have in common. */
  readonly agreement: number;
  /** The decoder's last norm: divides the temperature. */
  readonly temperature: number;
  /** Length of the end token's head row against the others'. */
  readonly eos: number;
}

/** Length of a head row that is never chosen. */
const SILENT = 0.02;

/** The values of one tensor; every tensor follows from the seed and its name alone. */
export function seededTensor(config: ModelConfig, scales: Scales, seed: number, tensor: ExpectedTensor): Float32Array {
  const { name, shape } = tensor;
  const count = shape.reduce((product, size) => product * size, 1);
  const normal = (deviation: number, stream = name) => new NormalStream(seed, stream).values(count, deviation);
  const { dModel, dKv, dFf, numHeads } = config;
  const inner = numHeads * dKv;
  if (name === EMBEDDING) return embedding(config, scales, normal(1));
  if (name === HEAD) return head(config, scales, normal(1, EMBEDDING), normal(1));
  if (name === 'decoder.final_layer_norm.weight') return around(normal(0.05), scales.temperature);
  if (name.endsWith('layer_norm.weight')) return around(normal(0.05), 1);
  if (name.endsWith('relative_attention_bias.weight')) return normal(scales.bias);
  if (name.includes('DenseReluDense')) {
    return normal(name.includes('.wo.') ? scales.feedForward * dFf ** -0.5 : dModel ** -0.5);
  }
  if (name.includes('EncDecAttention')) return crossAttention(config, scales, seed, tensor);
  if (name.startsWith('decoder.block.0.')) {
    // The first decoder layer sees the embeddings of the tokens given so far: their mean, negated, discourages repetition.
    if (name.endsWith('.v.weight')) return orthogonalRows(normal(1), dModel);
    if (name.endsWith('.o.weight')) return backProjection(config, seed, name, -scales.coverage);
  }
  if (name.endsWith('.q.weight')) {
    const sharpness = name.startsWith('encoder') ? scales.encoderSharpness : scales.decoderSharpness;
    return normal(sharpness * (dModel * dKv) ** -0.5);
  }
  if (name.endsWith('.o.weight')) {
    return normal((name.startsWith('encoder') ? scales.encoderBranch : scales.decoderBranch) * inner ** -0.5);
  }
  return normal(dModel ** -0.5);
}

/**
 * The end token is read by the head as often as its row is long; where embedding and head are one matrix,
 * the norms of the first layers take the length out again on the way in.
 */
function embedding(config: ModelConfig, scales: Scales, values: Float32Array): Float32Array {
  if (!config.tiedHead) return values;
  scaleRow(values, config.dModel, config.padTokenId, SILENT);
  return scaleRow(values, config.dModel, config.eosTokenIds[0], scales.eos);
}

/** An untied head is near the embedding, as in trained models, and takes over the factor that a tied one is scaled by. */
function head(config: ModelConfig, scales: Scales, base: Float32Array, noise: Float32Array): Float32Array {
  const factor = config.dModel ** -0.5;
  for (let i = 0; i < base.length; i++) base[i] = factor * (0.9 * base[i] + 0.44 * noise[i]);
  scaleRow(base, config.dModel, config.padTokenId, SILENT);
  return scaleRow(base, config.dModel, config.eosTokenIds[0], scales.eos);
}

/**
 * Cross attention copies: the output matrix is the transpose of the value matrix, so that what the heads read of a
 * position comes back as that position's own token. Which position is read is a random function of the
 * decoder's state, much the same in every head; that makes the outputs depend on the document, the choice clear and the walk long.
 */
function crossAttention(config: ModelConfig, scales: Scales, seed: number, tensor: ExpectedTensor): Float32Array {
  const { dModel, dKv, numDecoderLayers } = config;
  const { name, shape } = tensor;
  const count = shape[0] * shape[1];
  const projection = name.slice(-'q.weight'.length)[0];
  if (projection === 'v') return orthogonalRows(new NormalStream(seed, name).values(count, 1), dModel);
  if (projection === 'o') {
    const last = name.startsWith(`decoder.block.${numDecoderLayers - 1}.`);
    return backProjection(config, seed, name, last ? scales.copy : scales.earlyCopy);
  }
  const deviation = projection === 'q' ? scales.crossSharpness * (dModel * dKv) ** -0.5 : dModel ** -0.5;
  const own = new NormalStream(seed, name).values(count, deviation * Math.sqrt(1 - scales.agreement));
  const common = new NormalStream(seed, `${name}/common`).values(dKv * dModel, deviation * Math.sqrt(scales.agreement));
  for (let i = 0; i < count; i++) own[i] += common[i % common.length];
  return own;
}

/** The output matrix that undoes the value matrix of the same attention, times `strength`. */
function backProjection(config: ModelConfig, seed: number, name: string, strength: number): Float32Array {
  const inner = config.numHeads * config.dKv;
  const value = new NormalStream(seed, name.replace('.o.', '.v.')).values(inner * config.dModel, 1);
  return transpose(orthogonalRows(value, config.dModel), inner, config.dModel, strength);
}

/** Gram-Schmidt over rows that are no more than they are wide: each then has length 1. */
function orthogonalRows(values: Float32Array, width: number): Float32Array {
  const rows = values.length / width;
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    for (let j = 0; j < i; j++) {
      const done = values.subarray(j * width, (j + 1) * width);
      let dot = 0;
      for (let k = 0; k < width; k++) dot += row[k] * done[k];
      for (let k = 0; k < width; k++) row[k] -= dot * done[k];
    }
    let length = 0;
    for (let k = 0; k < width; k++) length += row[k] * row[k];
    length = Math.sqrt(length);
    for (let k = 0; k < width; k++) row[k] /= length;
  }
  return values;
}

function transpose(values: Float32Array, rows: number, columns: number, factor: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = factor * values[row * columns + column];
  }
  return out;
}

function around(deviations: Float32Array, centre: number): Float32Array {
  for (let i = 0; i < deviations.length; i++) deviations[i] = centre * (1 + deviations[i]);
  return deviations;
}

function scaleRow(values: Float32Array, width: number, row: number, factor: number): Float32Array {
  for (let i = row * width; i < (row + 1) * width; i++) values[i] *= factor;
  return values;
}
