import type { ModelConfig } from '../checkpoint/types.js';
import { type CpuFeatures, readCpuFeatures } from '../device/cpu.js';
import { PrecisError } from '../errors.js';
import { BLOCK, type CrossKernel } from './crossLayout.js';
import type { Precision } from './linear.js';
import type { Kernels } from './manifest.js';

export const PRECISIONS = ['auto', 'fp32', 'int8', 'fp16'] as const;

export type AskedPrecision = (typeof PRECISIONS)[number];

/** int8 where it was measured to be faster and exact enough; other architectures run fp32 until someone measures them. */
export function choosePrecision(asked: AskedPrecision, cpu: CpuFeatures = readCpuFeatures()): Precision {
  // It becomes part of a folder's name: what no graph is written for must not get that far.
  if (!PRECISIONS.includes(asked)) {
    throw new PrecisError('graph', { found: `precision is ${JSON.stringify(asked)}`, expected: PRECISIONS.join(', ') });
  }
  if (asked !== 'auto') return asked;
  return cpu.x64 ? 'int8' : 'fp32';
}

/** Where attention on the encoder's states was measured to pay; the work grows with d_model, the reading does not. */
const WIDEST_ABSORBED = 512;

/** Without VNNI two neighbouring u8 x s8 products are added in 16 bits: weights of 7 bits cannot overflow there. */
export function chooseKernels(config: ModelConfig, cpu: CpuFeatures = readCpuFeatures()): Kernels {
  const saturates = cpu.x64 && !cpu.vnni && !cpu.amx;
  return { crossKernel: cpu.amx ? tileKernel(config) : 'row', weightLimit: saturates ? 63 : 127 };
}

function tileKernel({ dModel }: ModelConfig): CrossKernel {
  return dModel <= WIDEST_ABSORBED && dModel % BLOCK === 0 ? 'absorbed' : 'packed';
}
