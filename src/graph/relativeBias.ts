import type { ModelConfig } from '../checkpoint/types.js';

/** A head's bias by distance (key's position minus query's), from -reach to reach; what is farther has the value at the end. */
export interface BiasTable {
  readonly reach: number;
  /** [heads][2 * reach + 1] */
  readonly heads: readonly (readonly number[])[];
}

/** Turns a checkpoint's table of [buckets, heads] into one by distance. */
export function biasByDistance(config: ModelConfig, weight: Float32Array, bidirectional: boolean): BiasTable {
  const reach = config.relativeMaxDistance;
  const heads = Array.from({ length: config.numHeads }, (_, head) =>
    Array.from({ length: 2 * reach + 1 }, (_, i) => {
      const bucket = relativeBucket(i - reach, bidirectional, config.relativeBuckets, config.relativeMaxDistance);
      return weight[bucket * config.numHeads + head];
    }),
  );
  return { reach, heads };
}

/** T5's bucket of a distance, in the float32 steps in which PyTorch takes the logarithm: a bucket's edge may hang on the last bit. */
export function relativeBucket(distance: number, bidirectional: boolean, buckets: number, maxDistance: number): number {
  const half = bidirectional ? Math.floor(buckets / 2) : buckets;
  const side = bidirectional && distance > 0 ? half : 0;
  const size = bidirectional ? Math.abs(distance) : Math.max(-distance, 0);
  const exact = Math.floor(half / 2);
  if (size < exact) return side + size;
  const logarithm = Math.fround(Math.log(Math.fround(size / exact)));
  const share = Math.fround(logarithm / Math.fround(Math.log(maxDistance / exact)));
  return side + Math.min(half - 1, exact + Math.trunc(Math.fround(share * (half - exact))));
}
