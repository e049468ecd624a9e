import type { Processors } from './processors.js';
import type { Candidates } from './search.js';

/**
 * The best continuations of all rows together, descending: torch.topk over the flattened [rows, vocabulary] scores.
 * Equal scores keep the order of the flattened index.
 */
export class TopCandidates {
  count = 0;
  readonly scores: Float32Array;
  readonly tokenScores: Float32Array;
  readonly rows: Int32Array;
  readonly ids: Int32Array;

  constructor(
    readonly capacity: number,
    private readonly vocabSize: number,
  ) {
    this.scores = new Float32Array(capacity);
    this.tokenScores = new Float32Array(capacity);
    this.rows = new Int32Array(capacity);
    this.ids = new Int32Array(capacity);
  }

  /** Forced tokens have log-probability 0. */
  takeForced(rowScores: Float32Array, forced: readonly number[]): void {
    this.count = 0;
    for (let row = 0; row < rowScores.length; row++) {
      for (const id of forced) this.offer(rowScores[row], 0, row, id);
    }
  }

  take(rowScores: Float32Array, processors: Processors, candidates: Candidates): void {
    this.count = 0;
    for (let row = 0; row < rowScores.length; row++) {
      // A dead row (minus infinity) has no continuation that counts.
      if (rowScores[row] === Number.NEGATIVE_INFINITY) continue;
      processors.select(row);
      if (candidates.ids) this.takeSorted(row, rowScores[row], processors, candidates);
      else this.takeWhole(row, rowScores[row], processors, candidates);
    }
  }

  /** Processing only lowers scores here, so a row is read no further than its raw scores reach. */
  private takeSorted(row: number, rowScore: number, processors: Processors, candidates: Candidates): void {
    const { ids, logits, logSumExp, stride } = candidates;
    const denominator = logSumExp![row];
    for (let place = row * stride; place < (row + 1) * stride; place++) {
      const logProbability = Math.fround(logits![place] - denominator);
      if (Math.fround(rowScore + logProbability) < this.threshold()) return;
      const id = ids![place];
      const processed = processors.score(id, logProbability);
      this.offer(Math.fround(rowScore + processed), processed, row, id);
    }
  }

  private takeWhole(row: number, rowScore: number, processors: Processors, candidates: Candidates): void {
    const { logits, logSumExp, stride } = candidates;
    const denominator = logSumExp![row];
    for (let id = 0; id < this.vocabSize; id++) {
      const processed = processors.score(id, Math.fround(logits![row * stride + id] - denominator));
      const score = Math.fround(rowScore + processed);
      if (score >= this.threshold()) this.offer(score, processed, row, id);
    }
  }

  /** What a candidate must at least reach to matter. */
  private threshold(): number {
    return this.count < this.capacity ? Number.NEGATIVE_INFINITY : this.scores[this.count - 1];
  }

  private offer(score: number, tokenScore: number, row: number, id: number): void {
    if (!(score > Number.NEGATIVE_INFINITY)) return;
    let place = this.count;
    while (place > 0 && this.isBehind(place - 1, score, row, id)) place--;
    if (place === this.capacity) return;
    if (this.count < this.capacity) this.count++;
    for (let i = this.count - 1; i > place; i--) {
      this.scores[i] = this.scores[i - 1];
      this.tokenScores[i] = this.tokenScores[i - 1];
      this.rows[i] = this.rows[i - 1];
      this.ids[i] = this.ids[i - 1];
    }
    this.scores[place] = score;
    this.tokenScores[place] = tokenScore;
    this.rows[place] = row;
    this.ids[place] = id;
  }

  private isBehind(place: number, score: number, row: number, id: number): boolean {
    if (this.scores[place] !== score) return this.scores[place] < score;
    return this.rows[place] !== row ? this.rows[place] > row : this.ids[place] > id;
  }
}
