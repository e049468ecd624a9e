import type { Checkpoint } from './types.js';

/** Reads every value: the tensors that hold one that is no finite number, a line each. */
export function tensorProblems({ weights }: Checkpoint): string[] {
  const problems: string[] = [];
  for (const { name, file } of weights.tensors.values()) {
    const values = weights.readFloat32(name);
    const bad = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
    if (bad > 0) problems.push(`${file}: ${name} has ${bad} values that are NaN or infinite`);
  }
  return problems;
}
