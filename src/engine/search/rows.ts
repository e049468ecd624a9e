const FIRST_CAPACITY = 64;

/**
 * The tokens of a search's rows, the decoder's start token first, and the scores of the tokens that were chosen (NaN for the
 * prompt's). All rows are equally long. A reordering writes into a second buffer, so that no step allocates.
 */
export class Rows {
  length: number;
  private capacity: number;
  private tokens: Int32Array;
  private spareTokens: Int32Array;
  private scores: Float32Array | null;
  private spareScores: Float32Array | null;

  constructor(
    readonly count: number,
    prompt: readonly number[],
    keepScores: boolean,
  ) {
    this.capacity = Math.max(FIRST_CAPACITY, prompt.length + 1);
    this.tokens = new Int32Array(count * this.capacity);
    this.spareTokens = new Int32Array(count * this.capacity);
    this.scores = keepScores ? new Float32Array(count * this.capacity).fill(Number.NaN) : null;
    this.spareScores = keepScores ? new Float32Array(count * this.capacity) : null;
    for (let row = 0; row < count; row++) this.tokens.set(prompt, row * this.capacity);
    this.length = prompt.length;
  }

  /** Row `row` as a view: read it before the next `append`. */
  row(row: number): Int32Array {
    return this.tokens.subarray(row * this.capacity, row * this.capacity + this.length);
  }

  rowScores(row: number): Float32Array | null {
    return this.scores ? this.scores.subarray(row * this.capacity, row * this.capacity + this.length) : null;
  }

  /** Every row becomes its parent's tokens (its own without parents) and one more. */
  append(next: Int32Array, nextScores: Float32Array, parents: Int32Array | null): void {
    if (this.length === this.capacity) this.grow();
    const { capacity, length } = this;
    if (parents) {
      for (let row = 0; row < this.count; row++) {
        const from = parents[row] * capacity;
        this.spareTokens.set(this.tokens.subarray(from, from + length), row * capacity);
        if (this.scores) this.spareScores!.set(this.scores.subarray(from, from + length), row * capacity);
      }
      [this.tokens, this.spareTokens] = [this.spareTokens, this.tokens];
      [this.scores, this.spareScores] = [this.spareScores, this.scores];
    }
    for (let row = 0; row < this.count; row++) {
      this.tokens[row * capacity + length] = next[row];
      if (this.scores) this.scores[row * capacity + length] = nextScores[row];
    }
    this.length++;
  }

  private grow(): void {
    const wider = this.capacity * 2;
    const tokens = new Int32Array(this.count * wider);
    const scores = this.scores ? new Float32Array(this.count * wider) : null;
    for (let row = 0; row < this.count; row++) {
      tokens.set(this.row(row), row * wider);
      if (scores) scores.set(this.rowScores(row)!, row * wider);
    }
    this.tokens = tokens;
    this.scores = scores;
    this.spareTokens = new Int32Array(this.count * wider);
    this.spareScores = scores ? new Float32Array(this.count * wider) : null;
    this.capacity = wider;
  }
}
