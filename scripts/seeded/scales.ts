import type { Family, Size } from './config.js';
import type { Scales } from './weights.js';

const BASE: Scales = {
  sharpness: 1.5,
  crossSharpness: 4,
  bias: 1.5,
  encoderBranch: 0.5,
  decoderBranch: 0.5,
  feedForward: 0.4,
  carry: 3,
  match: 11,
  copy: 6,
  temperature: 1.1,
  eos: 1,
};

/** The tuned weights of the parts against each other. */
export function seededScales(_family: Family, _size: Size, eos: 'some' | 'never'): Scales {
  return { ...BASE, eos: eos === 'never' ? 0.02 : BASE.eos };
}
