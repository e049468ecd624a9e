import type { FinishReason, GeneratedSequence } from '../types.js';
import type { TopCandidates } from './beamCandidates.js';
import type { ResolvedOptions } from './resolvedOptions.js';
import type { Rows } from './rows.js';

type FinishedBeam = GeneratedSequence & { readonly score: number };

/** The finished sequences of a beam search, best first, at most as many as there are beams. */
export class FinishedBeams {
  private readonly beams: FinishedBeam[] = [];

  constructor(private readonly options: ResolvedOptions) {}

  get full(): boolean {
    return this.beams.length === this.options.numBeams;
  }

  best(): GeneratedSequence[] {
    return this.beams.slice(0, this.options.numReturnSequences);
  }

  /** Takes those of the first `numBeams` candidates that end here; the ones after them are only spares for running on. */
  take(hypotheses: Rows, top: TopCandidates, reasons: readonly (FinishReason | null)[]): void {
    const divisor = this.divisor(hypotheses.length + 1);
    for (let i = 0; i < Math.min(top.count, this.options.numBeams); i++) {
      const reason = reasons[i];
      if (reason === null) continue;
      const score = Math.fround(top.scores[i] / divisor);
      const place = this.placeOf(score);
      if (place === this.options.numBeams) continue;
      const row = top.rows[i];
      this.beams.splice(place, 0, {
        tokenIds: extended(hypotheses.row(row), top.ids[i], 1),
        tokenScores: this.scoresOf(hypotheses, row, top.tokenScores[i]),
        finishReason: reason,
        score,
      });
      if (this.beams.length > this.options.numBeams) this.beams.pop();
    }
  }

  /** HF's heuristic: whether the best running sum, at the length that suits it, still beats the worst finished score. */
  canImprove(bestRunning: number, length: number): boolean {
    if (bestRunning === Number.NEGATIVE_INFINITY) return false;
    if (!this.full) return true;
    const { earlyStopping, lengthPenalty, maxLength } = this.options;
    const reached = earlyStopping === 'never' && lengthPenalty > 0 ? maxLength : length;
    return Math.fround(bestRunning / this.divisor(reached)) > this.beams[this.beams.length - 1].score;
  }

  /** Running rows fill up what is missing, which takes a vocabulary that constraints left with too few tokens. */
  completeFrom(hypotheses: Rows, sums: Float32Array): void {
    for (let row = 0; this.beams.length < this.options.numReturnSequences; row++) {
      this.beams.push({
        tokenIds: hypotheses.row(row).slice(1),
        tokenScores: hypotheses.rowScores(row)?.slice(this.options.promptLength) ?? null,
        finishReason: 'length',
        score: Math.fround(sums[row] / this.divisor(hypotheses.length)),
      });
    }
  }

  /** (tokens chosen)^penalty, in float32 as torch divides by it. */
  private divisor(length: number): number {
    return Math.fround((length - this.options.promptLength) ** this.options.lengthPenalty);
  }

  private placeOf(score: number): number {
    let place = this.beams.length;
    while (place > 0 && this.beams[place - 1].score < score) place--;
    return place;
  }

  private scoresOf(hypotheses: Rows, row: number, last: number): Float32Array | null {
    const scores = hypotheses.rowScores(row);
    return scores ? extended(scores, last, this.options.promptLength) : null;
  }
}

/** `values` from `from` on, and one more. */
function extended<T extends Int32Array | Float32Array>(values: T, last: number, from: number): T {
  const copy = new (values.constructor as new (length: number) => T)(values.length + 1 - from);
  copy.set(values.subarray(from));
  copy[copy.length - 1] = last;
  return copy;
}
