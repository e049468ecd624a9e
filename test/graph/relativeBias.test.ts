import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { relativeBucket } from '../../src/graph/relativeBias.js';

interface Fixture {
  readonly reach: number;
  readonly cases: readonly {
    readonly buckets: number;
    readonly maxDistance: number;
    readonly bidirectional: boolean;
    readonly found: readonly number[];
  }[];
}

const path = new URL('fixtures/relative-buckets.json', import.meta.url);
const { reach, cases } = JSON.parse(readFileSync(path, 'utf8')) as Fixture;

/** The fixture is PyTorch's (scripts/fixtures/make_relative_buckets.py): a bucket's edge hangs on how a logarithm was rounded. */
describe('relative buckets', () => {
  it.each(
    cases.map((test) => [`${test.buckets} to ${test.maxDistance}, both sides: ${test.bidirectional}`, test] as const),
  )('%s', (_name, { buckets, maxDistance, bidirectional, found }) => {
    const ours = found.map((_, i) => relativeBucket(i - reach, bidirectional, buckets, maxDistance));
    expect(ours).toEqual(found);
  });
});
