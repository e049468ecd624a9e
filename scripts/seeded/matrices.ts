import { NormalStream } from './random.js';

/** Random rows at right angles, each of length 1; there must be no more of them than they are wide. */
export function orthogonalRows(seed: number, name: string, rows: number, width: number): Float32Array {
  const values = new NormalStream(seed, name).values(rows * width, 1);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    for (let j = 0; j < i; j++) {
      const done = values.subarray(j * width, (j + 1) * width);
      let dot = 0;
      for (let k = 0; k < width; k++) dot += row[k] * done[k];
      for (let k = 0; k < width; k++) row[k] -= dot * done[k];
    }
    let length = 0;
    for (let k = 0; k < width; k++) length += row[k] * row[k];
    for (let k = 0; k < width; k++) row[k] /= Math.sqrt(length);
  }
  return values;
}

/** left [rows, inner] x right [inner, columns], times `factor`. */
export function product(left: Float32Array, right: Float32Array, inner: number, factor: number): Float32Array {
  const [rows, columns] = [left.length / inner, right.length / inner];
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const weight = factor * left[i * inner + k];
      for (let j = 0; j < columns; j++) out[i * columns + j] += weight * right[k * columns + j];
    }
  }
  return out;
}

export function transpose(values: Float32Array, rows: number, columns: number, factor: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = factor * values[row * columns + column];
  }
  return out;
}
