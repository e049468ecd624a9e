import { EMBEDDING, type ExpectedTensor, HEAD } from '../../src/checkpoint/tensors.js';
import type { ModelConfig } from '../../src/checkpoint/types.js';
import { Copying } from './copying.js';
import { NormalStream } from './random.js';

/** How the pieces of the model are weighed against each other. `variety.py` measures what comes out. */
export interface Scales {
  /** Standard deviation of the noise in the attention scores of self and of cross attention, and of the relative bias. */
  readonly sharpness: number;
  readonly crossSharpness: number;
  readonly bias: number;
  /** The branches' share of the residual stream, in which an embedding has deviation 1. */
  readonly encoderBranch: number;
  readonly decoderBranch: number;
  readonly feedForward: number;
  /** How loud a position says which tokens stand before it. */
  readonly carry: number;
  /** About how much a position's score gains by each of the last two tokens that match. */
  readonly match: number;
  /** Weight of the copied token in the decoder's stream. */
  readonly copy: number;
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
  if (name === EMBEDDING) return embedding(config, scales, normal(1));
  if (name === HEAD) return head(config, scales, normal(1, EMBEDDING), normal(1));
  if (name === 'decoder.final_layer_norm.weight') return around(normal(0.05), scales.temperature);
  if (name.endsWith('layer_norm.weight')) return around(normal(0.05), 1);
  return new Copying(config, scales, seed).apply(name, normal(deviation(config, scales, name)));
}

/** The usual scale of initialization, by which a unit input gives a unit output, times the branch's weight. */
function deviation(config: ModelConfig, scales: Scales, name: string): number {
  const { dModel, dKv, dFf, numHeads } = config;
  const branch = name.startsWith('encoder') ? scales.encoderBranch : scales.decoderBranch;
  if (name.endsWith('relative_attention_bias.weight')) return scales.bias;
  if (name.endsWith('.wo.weight')) return scales.feedForward * dFf ** -0.5;
  if (name.endsWith('.o.weight')) return branch * (numHeads * dKv) ** -0.5;
  if (!name.endsWith('.q.weight')) return dModel ** -0.5;
  return (name.includes('EncDec') ? scales.crossSharpness : scales.sharpness) * (dModel * dKv) ** -0.5;
}

/** Where embedding and head are one matrix, the norms take a row's length out again on the way in. */
function embedding(config: ModelConfig, scales: Scales, values: Float32Array): Float32Array {
  return config.tiedHead ? specialRows(config, scales, values) : values;
}

/** An untied head is near the embedding, as in trained models, and takes over the factor that a tied one is scaled by. */
function head(config: ModelConfig, scales: Scales, base: Float32Array, noise: Float32Array): Float32Array {
  const factor = config.dModel ** -0.5;
  for (let i = 0; i < base.length; i++) base[i] = factor * (0.9 * base[i] + 0.44 * noise[i]);
  return specialRows(config, scales, base);
}

function specialRows(config: ModelConfig, scales: Scales, values: Float32Array): Float32Array {
  scaleRow(values, config.dModel, config.padTokenId, SILENT);
  return scaleRow(values, config.dModel, config.eosTokenIds[0], scales.eos);
}

function around(deviations: Float32Array, centre: number): Float32Array {
  for (let i = 0; i < deviations.length; i++) deviations[i] = centre * (1 + deviations[i]);
  return deviations;
}

function scaleRow(values: Float32Array, width: number, row: number, factor: number): Float32Array {
  for (let i = row * width; i < (row + 1) * width; i++) values[i] *= factor;
  return values;
}
