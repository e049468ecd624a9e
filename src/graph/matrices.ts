/** A matrix in the order of the checkpoint: one row an output channel. */
export interface OutputMajor {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Puts matrices of equal width under each other: the columns of one packed product. */
export function stackRows(parts: readonly OutputMajor[]): OutputMajor {
  if (parts.length === 1) return parts[0];
  const columns = parts[0].columns;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const values = new Float32Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { rows, columns, values };
}

/** Square tiles keep both the rows that are read and the columns that are written in the cache. */
const TILE = 32;

/** Copies `source` [rows, columns] to [columns, rows] (`target` may have wider rows: `stride`). */
export function transposeInto<T extends Float32Array | Int8Array | Uint16Array>(
  source: T,
  rows: number,
  columns: number,
  target: T,
  stride: number,
): void {
  for (let row0 = 0; row0 < rows; row0 += TILE) {
    const row1 = Math.min(row0 + TILE, rows);
    for (let column0 = 0; column0 < columns; column0 += TILE) {
      const column1 = Math.min(column0 + TILE, columns);
      for (let row = row0; row < row1; row++) {
        for (let column = column0; column < column1; column++)
          target[column * stride + row] = source[row * columns + column];
      }
    }
  }
}

export interface QuantizedColumns {
  /** [columns of the checkpoint's matrix, width]: input-major, as a product wants its right side. */
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * One symmetric int8 scale an output channel. `limit` is 127, or 63 where the processor's u8 x s8 products saturate.
 * `width` >= rows pads with channels of zeros.
 */
export function quantizeColumns(matrix: OutputMajor, limit: 127 | 63, width = matrix.rows): QuantizedColumns {
  const { rows, columns, values } = matrix;
  const quantized = new Int8Array(rows * columns);
  const scales = new Float32Array(width);
  for (let row = 0; row < rows; row++) {
    const begin = row * columns;
    let largest = 0;
    for (let i = begin; i < begin + columns; i++) {
      const size = Math.abs(values[i]);
      if (size > largest) largest = size;
    }
    scales[row] = largest / limit;
    const inverse = largest > 0 ? limit / largest : 0;
    for (let i = begin; i < begin + columns; i++) quantized[i] = Math.round(values[i] * inverse);
  }
  const target = new Int8Array(width * columns);
  transposeInto(quantized, rows, columns, target, width);
  return { values: target, scales };
}

export function toColumns(matrix: OutputMajor, width = matrix.rows): Float32Array {
  const target = new Float32Array(width * matrix.columns);
  transposeInto(matrix.values, matrix.rows, matrix.columns, target, width);
  return target;
}

const floatBits = new Float32Array(1);
const intBits = new Uint32Array(floatBits.buffer);

/** IEEE half precision, rounded to nearest even; too large becomes infinity, as everywhere. */
export function toFloat16(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = halfBits(values[i]);
  return result;
}

function halfBits(value: number): number {
  floatBits[0] = value;
  const bits = intBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal halves: adding 0.5 as a float shifts the mantissa into place and rounds it, to nearest even.
    floatBits[0] = Math.abs(value) + 0.5;
    return sign | (intBits[0] - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
