import type { ModelConfig } from '../checkpoint/types.js';
import type { Precision } from './linear.js';
import type { Dim, ElementType } from './onnx.js';

/**
 * How int8 cross attention multiplies a query row with a whole document, chosen by the processor:
 * - `row`: signed keys [H, d_kv, P]; the left side's zero point stays 0 and a correction is added, which lets MLAS take its one-row
 *   kernel (VNNI).
 * - `packed`: where MLAS has no such kernel (AMX) it packs the right side at every step. Unsigned keys in blocks of 64 positions,
 *   [H, P / 64, d_kv, 64], are read in one stream and were measured a third faster than `row`'s layout.
 */
export type CrossKernel = 'row' | 'packed';

/** Positions in a block of `packed`, and the multiple that every padded length is. */
export const POSITION_BLOCK = 64;

interface CrossContext {
  readonly config: ModelConfig;
  readonly precision: Precision;
  readonly crossKernel: CrossKernel;
}

export function crossType({ precision, crossKernel }: CrossContext): ElementType & ('float32' | 'int8' | 'uint8') {
  if (precision !== 'int8') return 'float32';
  return crossKernel === 'packed' ? 'uint8' : 'int8';
}

export function blockedKeys({ precision, crossKernel }: CrossContext): boolean {
  return precision === 'int8' && crossKernel === 'packed';
}

/** A document's keys; `positions` is the padded length's name. */
export function keyDims(context: CrossContext, positions: string): Dim[] {
  const { numHeads, dKv } = context.config;
  return blockedKeys(context) ? [numHeads, 'K', dKv, POSITION_BLOCK] : [numHeads, dKv, positions];
}
