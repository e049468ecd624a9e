/**
 * n of the numbers below `rows`, rising, chosen by the seed alone: each number has a place in a random order of its own, and those
 * with the first places are taken.
 */
export function sampleRows(rows: number, n: number, seed: number): number[] {
  if (n >= rows) return Array.from({ length: rows }, (_, row) => row);
  const places = new Float64Array(rows);
  for (let row = 0; row < rows; row++) places[row] = place(seed, row);
  const last = Float64Array.from(places).sort()[n - 1];
  const chosen: number[] = [];
  for (let row = 0; row < rows && n > 0; row++) if (places[row] <= last && chosen.length < n) chosen.push(row);
  return chosen;
}

/** 53 bits out of two rounds of mixing 32. */
function place(seed: number, row: number): number {
  const high = mix(mix(seed >>> 0) ^ mix((row >>> 0) + 0x9e3779b9) ^ mix(Math.floor(row / 2 ** 32)));
  const low = mix(high ^ mix((row >>> 0) ^ Math.floor(seed / 2 ** 32)));
  return high * 2 ** 21 + (low >>> 11);
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
