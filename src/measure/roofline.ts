import { inChild } from './child.js';
import type { GemmInput, GemmShape } from './gemm.js';

export interface RooflineHow {
  readonly milliseconds?: number;
  readonly signal?: AbortSignal;
}

/** Operations a second that bare products reach on so many cores side by side, each in a process of its own. */
export async function bareProducts(
  precision: 'int8' | 'fp32',
  cores: number,
  shape: GemmShape,
  { milliseconds = 3000, signal }: RooflineHow = {},
): Promise<number> {
  const input: GemmInput = { ...shape, int8: precision === 'int8', milliseconds };
  const one = () => inChild<number>(new URL('./gemm.js', import.meta.url), input, { signal });
  const rates = await Promise.all(Array.from({ length: cores }, one));
  return rates.reduce((sum, rate) => sum + rate, 0);
}
