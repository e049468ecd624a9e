import type { FinishReason, GeneratedSequence } from '../types.js';
import { TopCandidates } from './beamCandidates.js';
import { FinishedBeams } from './beamFinished.js';
import type { Candidates, Need } from './search.js';
import { SearchBase, type SearchSetup } from './searchBase.js';

/** What HF adds to a score to put it out of the race while keeping it a number. */
const OUT_OF_THE_RACE = -1e9;

/**
 * Hugging Face's beam search (`GenerationMixin._beam_search` of transformers 5), for one document: what HF computes for it in a
 * batch of its own. There, a document stops with the whole batch, but once its own condition holds nothing can enter
 * its finished beams any more (HF subtracts 1e9 from all that come), so stopping at once gives the same result.
 *
 * Scores are float32 sums of processed log-probabilities, rounded after each operation as torch does.
 */
export class BeamSearch extends SearchBase {
  private readonly top: TopCandidates;
  private readonly finished: FinishedBeams;
  /** Sum of each row's log-probabilities. At the start all rows are alike: only the first one may be continued. */
  private readonly scores: Float32Array;
  private readonly runningScores: Float32Array;
  private readonly nextTokenScores: Float32Array;
  private readonly origins: Int32Array;
  private readonly reasons: (FinishReason | null)[] = [];

  constructor(setup: SearchSetup) {
    const { numBeams, eosTokenIds } = setup.options;
    super(setup, numBeams);
    // HF: so many that enough unfinished ones are left even if every beam's best continuations are end tokens.
    const kept = Math.max(2, 1 + eosTokenIds.length) * numBeams;
    this.top = new TopCandidates(kept, setup.config.vocabSize);
    this.finished = new FinishedBeams(setup.options);
    this.scores = new Float32Array(numBeams).fill(OUT_OF_THE_RACE);
    this.scores[0] = 0;
    this.runningScores = new Float32Array(kept);
    this.nextTokenScores = new Float32Array(numBeams);
    this.origins = new Int32Array(numBeams);
  }

  results(): GeneratedSequence[] {
    return this.finished.best();
  }

  protected needForChoice(): Need {
    return this.processors.need(this.top.capacity);
  }

  protected choose(candidates: Candidates): void {
    const { top, processors, scores } = this;
    if (processors.forced) top.takeForced(scores, processors.forced);
    else top.take(scores, processors, candidates);
    if (top.count === 0) throw this.nothingLeft();

    const allEnd = this.judge();
    this.finished.take(this.hypotheses, top, this.reasons);
    this.continueWith();
    this.done =
      allEnd ||
      (this.finished.full && this.options.earlyStopping === true) ||
      !this.finished.canImprove(this.scores[0], this.hypotheses.length);
    if (this.done) this.finished.completeFrom(this.hypotheses, this.scores);
  }

  /** Which candidates end here; true if all do. */
  private judge(): boolean {
    const { top, reasons } = this;
    let allEnd = true;
    for (let i = 0; i < top.count; i++) {
      reasons[i] = this.finishReason(top.rows[i], top.ids[i]);
      // A sequence that ended may still go on, far behind all others, where too few are left (stop strings can do that).
      this.runningScores[i] = top.scores[i] + (reasons[i] === null ? 0 : OUT_OF_THE_RACE);
      if (reasons[i] === null) allEnd = false;
    }
    return allEnd;
  }

  /** The best candidates that go on become the rows. */
  private continueWith(): void {
    const { top, runningScores, nextTokenScores, origins, tokens } = this;
    let filled = 0;
    for (; filled < Math.min(this.rows, top.count); filled++) {
      let best = 0;
      for (let i = 1; i < top.count; i++) if (runningScores[i] > runningScores[best]) best = i;
      this.scores[filled] = runningScores[best];
      nextTokenScores[filled] = top.tokenScores[best];
      origins[filled] = top.rows[best];
      tokens[filled] = top.ids[best];
      runningScores[best] = Number.NEGATIVE_INFINITY;
    }
    // Fewer possible candidates than rows: the rest can never win.
    for (; filled < this.rows; filled++) {
      this.scores[filled] = Number.NEGATIVE_INFINITY;
      nextTokenScores[filled] = Number.NEGATIVE_INFINITY;
      origins[filled] = 0;
      tokens[filled] = top.ids[0];
    }
    this.parents = origins.every((origin, row) => origin === row) ? null : origins;
    this.hypotheses.append(tokens, nextTokenScores, this.parents);
  }
}
