import { createRandom, type Random } from '../../src/engine/search/random.js';

/** Choices that follow from a seed and a number alone: any document can be made again by itself. */
export class Rng {
  private readonly next: Random;

  constructor(seed: number, ...path: readonly number[]) {
    this.next = createRandom(seed, Int32Array.from(path), 0);
  }

  /** In [0, 1). */
  unit(): number {
    return this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.next() * values.length)];
  }

  shuffled<Value>(values: readonly Value[]): Value[] {
    const result = [...values];
    for (let at = result.length - 1; at > 0; at--) {
      const other = this.int(0, at);
      [result[at], result[other]] = [result[other], result[at]];
    }
    return result;
  }
}
