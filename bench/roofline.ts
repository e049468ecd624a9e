import { bareProducts } from '../src/measure/roofline.js';

/** The encoder's largest products: the rows of a document by the feed-forward matrix. */
export const FEED_FORWARD = { rows: 432, inputs: 512, outputs: 2048 };

export interface GemmRate {
  /** Operations a second of one core alone, and of all cores used side by side together. */
  readonly oneCore: number;
  readonly together: number;
}

export async function measureGemm(precision: 'int8' | 'fp32', cores: number): Promise<GemmRate> {
  const oneCore = await bareProducts(precision, 1, FEED_FORWARD);
  return { oneCore, together: await bareProducts(precision, cores, FEED_FORWARD) };
}
