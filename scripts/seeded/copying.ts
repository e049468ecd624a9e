import type { ModelConfig } from '../../src/checkpoint/types.js';
import { orthogonalRows, product, transpose } from './matrices.js';
import type { Scales } from './weights.js';

/**
 * White noise in every matrix gives outputs of one repeated token and logits without a clear first choice; a trained
 * summarizer copies. So a few directions of the seeded weights are laid out to copy, around which the rest is noise:
 * - In the first encoder layer head 0 looks one position back and head 1 two, and both write what they see into
 *   directions of their own. Every position then tells which two tokens came before it.
 * - In the first decoder layer head 1 looks one position back: the state tells the last two tokens given.
 * - The cross attention of the last layer compares the two, and reads the token that follows them in the document.
 * Where the last two tokens occur in the document only once, the next one is clear; elsewhere noise decides.
 */
export class Copying {
  readonly #config: ModelConfig;
  readonly #scales: Scales;
  readonly #seed: number;
  /** Directions for one of the two preceding tokens. */
  readonly #rank: number;

  constructor(config: ModelConfig, scales: Scales, seed: number) {
    this.#config = config;
    this.#scales = scales;
    this.#seed = seed;
    this.#rank = Math.floor(config.dKv / 2);
  }

  /** Writes its part into a tensor of noise, or replaces it. */
  apply(name: string, values: Float32Array): Float32Array {
    const last = `decoder.block.${this.#config.numDecoderLayers - 1}.layer.1.EncDecAttention.`;
    if (name.startsWith(last)) return this.#lookUp(name[last.length]);
    if (name.endsWith('relative_attention_bias.weight')) return this.#lookBack(name, values);
    const first = /^(encoder|decoder)\.block\.0\.layer\.0\.SelfAttention\.([vo])\.weight$/.exec(name);
    if (first) for (const head of first[1] === 'encoder' ? [0, 1] : [1]) this.#carry(first[2], head, values);
    return values;
  }

  /** A bias that no score of the noise outweighs, even over a long document. */
  #lookBack(name: string, values: Float32Array): Float32Array {
    const heads = this.#config.numHeads;
    if (name.startsWith('encoder')) values[heads] = LOOK;
    values[(name.startsWith('encoder') ? 2 : 1) * heads + 1] = LOOK;
    return values;
  }

  #carry(projection: string, head: number, values: Float32Array): void {
    const { dModel, dKv, numHeads } = this.#config;
    const [read, write] = [this.#directions(head), this.#directions(2 + head)];
    for (let i = 0; i < this.#rank; i++) {
      for (let k = 0; k < dModel; k++) {
        if (projection === 'v') values[(head * dKv + i) * dModel + k] = read[i * dModel + k];
        else values[k * numHeads * dKv + head * dKv + i] = this.#scales.carry * write[i * dModel + k];
      }
    }
  }

  #lookUp(projection: string): Float32Array {
    const { dModel, dKv, numHeads } = this.#config;
    const value = () => orthogonalRows(this.#seed, 'copied values', numHeads * dKv, dModel);
    if (projection === 'v') return value();
    if (projection === 'o') return transpose(value(), numHeads * dKv, dModel, this.#scales.copy);
    const [first, second] = projection === 'q' ? [0, 3] : [2, 3];
    const directions = new Float32Array([...this.#directions(first), ...this.#directions(second)]);
    // Each head turns what it compares in its own way: the scores are equal, their rounding errors are not.
    const out = new Float32Array(numHeads * dKv * dModel);
    for (let head = 0; head < numHeads; head++) {
      const turn = orthogonalRows(this.#seed, `turn of head ${head}`, 2 * this.#rank, 2 * this.#rank);
      const factor = projection === 'q' ? this.#scales.match / this.#rank : 1;
      out.set(product(turn, directions, 2 * this.#rank, factor), head * dKv * dModel);
    }
    return out;
  }

  /** 0 and 1: read of the token before and of the one before it; 2 and 3: where those are written. */
  #directions(group: number): Float32Array {
    const size = this.#rank * this.#config.dModel;
    const all = orthogonalRows(this.#seed, 'directions', 4 * this.#rank, this.#config.dModel);
    return all.subarray(group * size, (group + 1) * size);
  }
}

const LOOK = 12;
