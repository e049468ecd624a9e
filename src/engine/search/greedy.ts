import { logSumExp } from './logSumExp.js';
import { RowSearch } from './rowSearch.js';
import type { Candidates, Need } from './search.js';
import type { SearchSetup } from './searchBase.js';

/** The best token at every step. HF processes raw logits here; the first of equal ones wins, as in torch.argmax. */
export class GreedySearch extends RowSearch {
  constructor(setup: SearchSetup) {
    super(setup, 1);
  }

  protected needForChoice(): Need {
    const { processors, options } = this;
    if (!processors.touches) return options.returnScores ? { kind: 'best', count: 1 } : { kind: 'argmax' };
    // The softmax over processed logits needs the logits of what was banned, wherever they stand.
    if (options.returnScores) return { kind: 'all' };
    const need = processors.need(1);
    return need.kind === 'best' && !processors.weighs ? { ...need, kind: 'ranked' } : need;
  }

  protected pick(row: number, candidates: Candidates): number {
    const { processors } = this;
    const { forced } = processors;
    if (forced?.length === 0) throw this.nothingLeft();
    if (forced) return this.took(Math.min(...forced), -Math.log(forced.length));
    const { ids, logits, stride } = candidates;
    processors.select(row);
    if (!logits) return this.firstAllowed(ids!.subarray(row * stride, (row + 1) * stride));
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    const count = ids ? stride : this.vocabSize;
    for (let i = 0; i < count; i++) {
      const id = ids ? ids[row * stride + i] : i;
      const score = processors.score(id, logits[row * stride + i]);
      if (score > bestScore || (score === bestScore && id < best)) {
        best = id;
        bestScore = score;
      }
    }
    if (best < 0) throw this.nothingLeft();
    if (!this.options.returnScores) return best;
    const denominator = processors.touches ? this.processedDenominator(row, candidates) : candidates.logSumExp![row];
    return this.took(best, bestScore - denominator);
  }

  private firstAllowed(ranked: Int32Array): number {
    for (const id of ranked) if (this.processors.allows(id)) return id;
    throw this.nothingLeft();
  }

  private processedDenominator(row: number, { logits, stride }: Candidates): number {
    const processed = new Float32Array(this.vocabSize);
    for (let id = 0; id < this.vocabSize; id++) processed[id] = this.processors.score(id, logits![row * stride + id]);
    return logSumExp(processed);
  }
}
