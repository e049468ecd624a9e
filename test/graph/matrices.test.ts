import { describe, expect, it } from 'vitest';
import { quantizeColumns, stackRows, toColumns, toFloat16 } from '../../src/graph/matrices.js';

describe('half precision', () => {
  /** What numpy's float16 says of each. */
  const cases: readonly [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [0.1, 0x2e66],
    [-2.5, 0xc100],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [-1e6, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [3e-7, 0x0005],
    [2049, 0x6800],
    [2051, 0x6802],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NaN, 0x7e00],
  ];

  it.each(cases)('%d', (value, bits) => {
    expect(toFloat16(Float32Array.of(value))[0]).toBe(bits);
  });
});

describe('quantized columns', () => {
  const matrix = { rows: 3, columns: 2, values: Float32Array.of(1, -2, 0, 0, 0.5, 0.25) };

  it('have one symmetric scale each, the largest magnitude at the limit', () => {
    const { values, scales } = quantizeColumns(matrix, 127);
    expect([...values]).toEqual([64, 0, 127, -127, 0, 64]);
    expect([...scales].map((scale) => Math.round(scale * 127 * 1000) / 1000)).toEqual([2, 0, 0.5]);
  });

  it('stay within 7 bits where products saturate', () => {
    expect([...quantizeColumns(matrix, 63).values]).toEqual([32, 0, 63, -63, 0, 32]);
  });

  it('are padded with zeros on the right', () => {
    expect([...quantizeColumns(matrix, 127, 4).values]).toEqual([64, 0, 127, 0, -127, 0, 64, 0]);
    expect([...toColumns(matrix, 4)]).toEqual([1, 0, 0.5, 0, -2, 0, 0.25, 0]);
  });
});

it('stacks matrices of equal width', () => {
  const one = { rows: 1, columns: 2, values: Float32Array.of(1, 2) };
  const two = { rows: 2, columns: 2, values: Float32Array.of(3, 4, 5, 6) };
  expect(stackRows([one, two])).toEqual({ rows: 3, columns: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) });
});
