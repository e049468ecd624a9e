import { type Pool, warp, weights } from './processorsSampling.js';
import { createRandom, type Random } from './random.js';
import { RowSearch } from './rowSearch.js';
import type { Candidates, Need } from './search.js';
import type { SearchSetup } from './searchBase.js';

/** Tokens drawn from the processed and warped distribution; every returned sequence is a row with its own random numbers. */
export class SamplingSearch extends RowSearch {
  private readonly randoms: Random[];
  private pool: Pool = { ids: new Int32Array(0), logits: new Float32Array(0), count: 0 };

  constructor(setup: SearchSetup) {
    const { seed, numReturnSequences } = setup.options;
    super(setup, numReturnSequences);
    this.randoms = Array.from({ length: numReturnSequences }, (_, i) => createRandom(seed, setup.inputIds, i));
  }

  protected needForChoice(): Need {
    return this.options.topK > 0 ? this.processors.need(this.options.topK) : { kind: 'all' };
  }

  protected pick(row: number, candidates: Candidates): number {
    const { pool } = this;
    this.fill(row, candidates);
    if (pool.count === 0) throw this.nothingLeft();
    warp(pool, this.options);
    const { weights: shares, sum, largest } = weights(pool);

    // How many candidates were handed over must not matter: the draw walks from the lowest id to the highest.
    const order = Array.from({ length: pool.count }, (_, i) => i);
    if (candidates.ids) order.sort((a, b) => pool.ids[a] - pool.ids[b]);
    let left = this.randoms[row]() * sum;
    let drawn = order[0];
    for (const place of order) {
      drawn = place;
      left -= shares[place];
      if (left < 0) break;
    }
    return this.took(pool.ids[drawn], pool.logits[drawn] - largest - Math.log(sum));
  }

  private fill(row: number, { ids, logits, stride }: Candidates): void {
    const { pool, processors } = this;
    const forced = processors.forced;
    const size = forced ? forced.length : ids ? stride : this.vocabSize;
    if (pool.ids.length < size) {
      pool.ids = new Int32Array(size);
      pool.logits = new Float32Array(size);
    }
    pool.count = 0;
    if (forced) {
      for (const id of forced) this.put(id, 0);
      return;
    }
    processors.select(row);
    for (let i = 0; i < size; i++) {
      const id = ids ? ids[row * stride + i] : i;
      this.put(id, processors.score(id, logits![row * stride + i]));
    }
  }

  private put(id: number, logit: number): void {
    if (!(logit > Number.NEGATIVE_INFINITY)) return;
    this.pool.ids[this.pool.count] = id;
    this.pool.logits[this.pool.count++] = logit;
  }
}
