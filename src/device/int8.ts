import type { CpuFeatures } from './cpu.js';

/** What the processor's features mean for int8, in a sentence. The choices themselves are made in graph/kernels.ts. */
export function int8Meaning({ x64, vnni, amx }: CpuFeatures): string {
  if (!x64) return 'int8 was not measured on this architecture: models run in fp32 unless --precision int8 is given';
  if (amx) return 'AMX tiles compute int8 products: int8 is the fastest choice here';
  if (vnni) return 'VNNI computes int8 products exactly: int8 is the fastest choice here';
  return 'without VNNI neighbouring int8 products could overflow: weights are kept to 7 bits, which is exact and less fast';
}
