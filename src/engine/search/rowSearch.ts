import type { FinishReason, GeneratedSequence } from '../types.js';
import type { Candidates } from './search.js';
import { SearchBase, type SearchSetup } from './searchBase.js';

/** Rows that never meet: each picks its own tokens until its own end; a finished row is fed padding until all are. */
export abstract class RowSearch extends SearchBase {
  private readonly finished: (GeneratedSequence | null)[];
  private readonly reasons: (FinishReason | null)[];
  private readonly pickedScores: Float32Array;
  private pickedScore = 0;

  constructor(setup: SearchSetup, rows: number) {
    super(setup, rows);
    this.finished = new Array(rows).fill(null);
    this.reasons = new Array(rows).fill(null);
    this.pickedScores = new Float32Array(rows);
  }

  results(): GeneratedSequence[] {
    return this.finished.filter((sequence) => sequence !== null);
  }

  /** The next token of a row that still runs. */
  protected abstract pick(row: number, candidates: Candidates): number;

  /** Notes the log-probability of the token that `pick` is about to return. */
  protected took(id: number, score: number): number {
    this.pickedScore = score;
    return id;
  }

  protected choose(candidates: Candidates): void {
    const { padTokenId } = this.options;
    for (let row = 0; row < this.rows; row++) {
      const running = this.finished[row] === null;
      this.tokens[row] = running ? this.pick(row, candidates) : padTokenId;
      this.pickedScores[row] = this.pickedScore;
      this.reasons[row] = running ? this.finishReason(row, this.tokens[row]) : null;
    }
    this.hypotheses.append(this.tokens, this.pickedScores, null);
    for (let row = 0; row < this.rows; row++) {
      const reason = this.reasons[row];
      if (reason) this.finished[row] = this.sequence(row, reason);
    }
    this.done = this.finished.every((sequence) => sequence !== null);
  }

  private sequence(row: number, finishReason: FinishReason): GeneratedSequence {
    const tokenIds = this.hypotheses.row(row).slice(1);
    const tokenScores = this.hypotheses.rowScores(row)?.slice(this.options.promptLength) ?? null;
    const score = tokenScores ? tokenScores.reduce((sum, value) => sum + value, 0) : null;
    return { tokenIds, finishReason, score, tokenScores };
  }
}
