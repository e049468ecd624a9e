import { PrecisError } from '../errors.js';
import type { BiasTable } from '../graph/relativeBias.js';
import type { EncodedInput } from './types.js';

/** What one document's matrices may take together. They grow with the square of its length: T5-small's reach this at 11,585 tokens. */
const MOST_BIAS_BYTES = 4 * 2 ** 30;

/**
 * The encoder's bias [H][S, S] is Toeplitz: each row is a window into a strip by distance. Built by row copies and kept for the next
 * document, which often has the same length (documents come sorted).
 */
export class EncoderBias {
  private length = -1;
  private heads: Float32Array[] = [];

  constructor(private readonly table: BiasTable) {}

  forLength(length: number): readonly Float32Array[] {
    if (length !== this.length) {
      this.length = length;
      this.heads = this.table.heads.map((values) => toeplitz(values, this.table.reach, length));
    }
    return this.heads;
  }
}

/** A text of a whole book would end the process for want of memory, long after the work began. */
export function refuseTooLong(inputs: readonly EncodedInput[], tables: readonly BiasTable[]): void {
  const matrices = tables.reduce((sum, { heads }) => sum + heads.length, 0);
  const longest = Math.floor(Math.sqrt(MOST_BIAS_BYTES / (Float32Array.BYTES_PER_ELEMENT * matrices)));
  const index = inputs.findIndex(({ ids }) => ids.length > longest);
  if (index < 0) return;
  throw new PrecisError('input', {
    found: `input ${index} has ${inputs[index].ids.length} tokens`,
    expected: `at most ${longest}, for which this model's position biases take ${MOST_BIAS_BYTES / 2 ** 30} GiB`,
    action: `set maxInputTokens to ${longest} or less`,
  });
}

function toeplitz(values: readonly number[], reach: number, length: number): Float32Array {
  const strip = new Float32Array(2 * length - 1);
  for (let i = 0; i < strip.length; i++) {
    const distance = Math.max(-reach, Math.min(reach, i - (length - 1)));
    strip[i] = values[distance + reach];
  }
  const matrix = new Float32Array(length * length);
  for (let query = 0; query < length; query++) {
    const first = length - 1 - query;
    matrix.set(strip.subarray(first, first + length), query * length);
  }
  return matrix;
}

/** A head's bias by how far back a token lies: back[0] is the token itself. */
export function biasByAge(table: BiasTable): readonly Float32Array[] {
  return table.heads.map((values) =>
    Float32Array.from({ length: table.reach + 1 }, (_, age) => values[table.reach - age]),
  );
}
