import path from 'node:path';
import { runTool } from './tool.js';

export interface GemmRate {
  /** Operations a second of one core alone, and of all cores used side by side together. */
  readonly oneCore: number;
  readonly together: number;
}

export async function measureGemm(precision: 'int8' | 'fp32', cores: number): Promise<GemmRate> {
  const measure = async () => {
    const { stdout } = await runTool('', process.execPath, [path.join(import.meta.dirname, 'gemm.js'), precision]);
    return (JSON.parse(stdout) as { opsPerSecond: number }).opsPerSecond;
  };
  const oneCore = await measure();
  const together = await Promise.all(Array.from({ length: cores }, measure));
  return { oneCore, together: together.reduce((sum, rate) => sum + rate, 0) };
}
