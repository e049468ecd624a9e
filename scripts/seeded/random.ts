/** Standard normal quantiles at (i + 0.5) / 65536: one 32-bit draw gives two normal values by two look-ups. */
const NORMAL_QUANTILES = normalQuantiles();

/** A stream of normal values that depends on the seed and the stream's name only, so that a tensor can be made again. */
export class NormalStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    const [a, b, c] = hashName(`${seed}/${name}`);
    this.#a = a;
    this.#b = b;
    this.#c = c;
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** `count` values of mean 0 and the given standard deviation. */
  values(count: number, deviation: number): Float32Array {
    const out = new Float32Array(count);
    for (let i = 0; i < count; i += 2) {
      const bits = this.#next();
      out[i] = NORMAL_QUANTILES[bits & 0xffff] * deviation;
      if (i + 1 < count) out[i + 1] = NORMAL_QUANTILES[bits >>> 16] * deviation;
    }
    return out;
  }

  /** sfc32 by Chris Doty-Humphrey: small, fast, and passes PractRand. */
  #next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }
}

/** Three 32-bit words from a name (FNV-1a with three offsets). */
function hashName(name: string): [number, number, number] {
  const words = [0x811c9dc5, 0x9747b28c, 0x3c6ef372].map((offset) => {
    let hash = offset;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return hash | 0;
  });
  return [words[0], words[1], words[2]];
}

function normalQuantiles(): Float64Array {
  const table = new Float64Array(65536);
  for (let i = 0; i < 32768; i++) {
    const value = inverseNormal((i + 0.5) / 65536);
    table[i] = value;
    table[65535 - i] = -value;
  }
  return table;
}

/** Lower half of the inverse normal distribution, Abramowitz and Stegun 26.2.23 (error below 4.5e-4: enough for weights). */
function inverseNormal(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return numerator / denominator - t;
}
