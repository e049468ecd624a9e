import type { Truth } from './logic.js';
import type { Comparison } from './parse.js';
import { compareBytes, testTexts } from './texts.js';
import type { Column, Numbers } from './values.js';

/** What each comparison says where the left is less than, equal to and greater than the right. */
const TABLES: Readonly<Record<Comparison, readonly [number, number, number]>> = {
  '=': [0, 1, 0],
  '<>': [1, 0, 1],
  '<': [1, 0, 0],
  '<=': [1, 1, 0],
  '>': [0, 0, 1],
  '>=': [0, 1, 1],
};

/** The comparison of the same two things the other way round. */
export const FLIPPED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** A value that is the same in every row: bytes of a text, or a number (of a boolean 0 or 1, of a time microseconds). */
export type Constant = Uint8Array | number | bigint;

export function compareToConstant(op: Comparison, column: Column, constant: Constant): Truth {
  const table = TABLES[op];
  if (column.kind === 'text') {
    const bytes = constant as Uint8Array;
    const { length } = bytes;
    if (op === '=' || op === '<>') {
      return testTexts(column.texts, (row, start, end) => {
        const isEqual = end - start === length && compareBytes(row, start, end, bytes, 0, length) === 0;
        return isEqual === (op === '=');
      });
    }
    return testTexts(
      column.texts,
      (row, start, end) => table[side(compareBytes(row, start, end, bytes, 0, length))] === 1,
    );
  }
  const { values } = column;
  const value = constant as number | bigint;
  return Uint8Array.from({ length: values.length }, (_, row) => table[order(values[row], value)]);
}

export function compareColumns(op: Comparison, left: Column, right: Column): Truth {
  const table = TABLES[op];
  if (left.kind === 'text' && right.kind === 'text') {
    const [a, b] = [left.texts, right.texts];
    return Uint8Array.from(
      { length: a.length },
      (_, row) => table[side(compareBytes(a.bytes, a.starts[row], a.ends[row], b.bytes, b.starts[row], b.ends[row]))],
    );
  }
  const [a, b] = [left, right].map((column) => (column as { readonly values: Numbers }).values);
  return Uint8Array.from({ length: a.length }, (_, row) => table[order(a[row], b[row])]);
}

function side(difference: number): 0 | 1 | 2 {
  return difference < 0 ? 0 : difference > 0 ? 2 : 1;
}

/** Numbers and bigints compare exactly with each other. NaN is equal to itself and above all others, as SQL wants an order. */
function order(a: number | bigint, b: number | bigint): 0 | 1 | 2 {
  if (a < b) return 0;
  if (a > b) return 2;
  const [aIsNaN, bIsNaN] = [Number.isNaN(a), Number.isNaN(b)];
  return aIsNaN === bIsNaN ? 1 : aIsNaN ? 2 : 0;
}
