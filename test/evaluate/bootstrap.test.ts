import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/engine/search/random.js';
import { difference, estimate } from '../../src/evaluate/statistics/bootstrap.js';

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/** Made by scripts/fixtures/make_bootstrap_cases.py with numpy's own draws. */
interface Case {
  readonly name: string;
  readonly one: readonly number[];
  readonly other: readonly number[];
  readonly estimate: Interval;
  readonly difference: Interval;
}

const cases: Case[] = JSON.parse(readFileSync(new URL('fixtures/bootstrap.json', import.meta.url), 'utf8'));

describe('a bootstrapped interval', () => {
  // Other draws than numpy's: as many samples must agree closely, the usual number less so.
  for (const [samples, share] of [
    [20_000, 0.03],
    [1000, 0.12],
  ]) {
    for (const { name, one, other, ...expected } of cases) {
      it(`of ${name} is numpy's within ${share} of its width with ${samples} samples`, () => {
        const options = { seed: 11, samples };
        expectNear(estimate(one, options)!, expected.estimate, share);
        const ours = difference(one, other, options)!;
        expectNear(ours, expected.difference, share);
        expect(Math.abs(ours.p - expected.difference.p)).toBeLessThan(share);
      });
    }
  }

  it('covers the true mean in about 95% of normal draws, and calls about 5% of equal models different', () => {
    const random = createRandom(3, new Int32Array(0), 0);
    const repetitions = 500;
    let covered = 0;
    let different = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const [one, other] = [normal(random, 60), normal(random, 60)];
      const { low, high } = estimate(one, { seed: repetition })!;
      if (low <= 0 && high >= 0) covered++;
      if (difference(one, other, { seed: repetition })!.p < 0.05) different++;
    }
    expect(covered / repetitions).toBeGreaterThan(0.92);
    expect(covered / repetitions).toBeLessThan(0.975);
    expect(different / repetitions).toBeGreaterThan(0.025);
    expect(different / repetitions).toBeLessThan(0.08);
  });

  it('follows from the seed alone', () => {
    const { one, other } = cases[0];
    expect(estimate(one, { seed: 1 })).toEqual(estimate(one, { seed: 1 }));
    expect(difference(one, other, { seed: 1 })).toEqual(difference(one, other, { seed: 1 }));
    expect(estimate(one, { seed: 1 })!.low).not.toBe(estimate(one, { seed: 2 })!.low);
  });

  it('leaves out rows without a value', () => {
    const { one, other } = cases[0];
    const options = { seed: 4 };
    expect(estimate([null, ...one, null], options)).toEqual(estimate(one, options));
    expect(difference([...one, null, 0.9, null], [...other, 0.1, null, null], options)).toEqual(
      difference(one, other, options),
    );
  });

  it('is null without any row, and a point for one row or equal ones', () => {
    expect(estimate([], { seed: 0 })).toBeNull();
    expect(estimate([null, null], { seed: 0 })).toBeNull();
    expect(difference([0.1, null], [null, 0.2], { seed: 0 })).toBeNull();
    expect(estimate([0.3], { seed: 0 })).toEqual({ mean: 0.3, low: 0.3, high: 0.3, rows: 1 });
    const { mean, low, high } = estimate(new Array(7).fill(0.1), { seed: 0 })!;
    for (const bound of [low, high]) expect(bound).toBeCloseTo(mean, 12);
    expect(low <= mean && mean <= high).toBe(true);
  });
});

describe('a difference', () => {
  it('changes its sign, and nothing else, with the sides', () => {
    for (const { one, other } of cases) {
      const there = difference(one, other, { seed: 9 })!;
      const back = difference(other, one, { seed: 9 })!;
      expect(back.mean).toBeCloseTo(-there.mean, 12);
      expect(back.low).toBeCloseTo(-there.high, 12);
      expect(back.high).toBeCloseTo(-there.low, 12);
      expect(back.p).toBe(there.p);
    }
  });

  it('of a model and itself is nothing, for certain', () => {
    const same = difference(cases[1].one, cases[1].one, { seed: 0 });
    expect(same).toEqual({ mean: 0, low: 0, high: 0, rows: 300, p: 1 });
  });

  it('is seen between pairs where the rows themselves differ far more', () => {
    const random = createRandom(8, new Int32Array(0), 0);
    const rows = Array.from({ length: 100 }, random);
    const better = rows.map((value) => value + 0.01 + 0.01 * random());
    expect(difference(better, rows, { seed: 0 })!.p).toBeLessThan(0.01);
    const { low, high } = estimate(rows, { seed: 0 })!;
    expect(high - low).toBeGreaterThan(0.08);
  });

  it('of a few rows is no proof, however clear', () => {
    const p = (rows: number) => difference(new Array(rows).fill(0.9), new Array(rows).fill(0.1), { seed: 0 })!.p;
    expect([1, 2, 5].map(p)).toEqual([1, 0.5, 0.0625]);
    expect(p(6)).toBeLessThan(0.05);
  });

  it('wants the same rows on both sides', () => {
    expect(() => difference([0.1, 0.2], [0.1], { seed: 0 })).toThrow(
      '2 rows to be compared with 1, expected the same rows on both sides',
    );
  });
});

function expectNear(ours: { mean: number; low: number; high: number }, expected: Interval, share: number): void {
  const tolerance = share * (expected.high - expected.low);
  expect(ours.mean).toBeCloseTo(expected.mean, 9);
  expect(Math.abs(ours.low - expected.low)).toBeLessThan(tolerance);
  expect(Math.abs(ours.high - expected.high)).toBeLessThan(tolerance);
}

/** Box and Muller's way from uniform to normal. */
function normal(random: () => number, count: number): number[] {
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}
