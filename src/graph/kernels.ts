import { type CpuFeatures, readCpuFeatures } from '../device/cpu.js';
import type { Precision } from './linear.js';
import type { Kernels } from './manifest.js';

export type AskedPrecision = 'auto' | Precision;

/** int8 where it was measured to be faster and exact enough; other architectures run fp32 until someone measures them. */
export function choosePrecision(asked: AskedPrecision, cpu: CpuFeatures = readCpuFeatures()): Precision {
  if (asked !== 'auto') return asked;
  return cpu.x64 ? 'int8' : 'fp32';
}

/** Without VNNI two neighbouring u8 x s8 products are added in 16 bits: weights of 7 bits cannot overflow there. */
export function chooseKernels(cpu: CpuFeatures = readCpuFeatures()): Kernels {
  const saturates = cpu.x64 && !cpu.vnni && !cpu.amx;
  return { crossKernel: cpu.amx ? 'packed' : 'row', weightLimit: saturates ? 63 : 127 };
}
