import { PrecisError } from '../errors.js';
import { candidatesOf, joinNeeds, type Sequence } from './batch.js';
import type { Caches } from './caches.js';
import type { ConvertedModel } from './convertedModel.js';
import { type CrossCache, paddedLength } from './crossCache.js';
import { Decoder } from './decoder.js';
import type { Encoder } from './encoder.js';
import { refuseTooLong } from './relativeBias.js';
import type { Search } from './search/search.js';
import type { SelfCache } from './selfCache.js';
import type { EngineStats } from './stats.js';
import type { EncodedInput, RowResult } from './types.js';

export interface GenerationRequest {
  readonly inputs: readonly EncodedInput[];
  /** Decoder rows a document has. */
  readonly rows: number;
  /** Tokens a search feeds at most. */
  readonly maxTime: number;
  /** Documents that are decoded side by side. */
  readonly documents: number;
  /** Whether a waiting document takes a finished one's place at once, rather than when the whole batch is done. */
  readonly refill: boolean;
  readonly newSearch: (input: EncodedInput) => Search;
  readonly onResult: (result: RowResult) => void;
  readonly onWork?: () => void;
  readonly signal?: AbortSignal;
}

/**
 * Generates for a list of documents: the longest first, so that those that are decoded together are alike in length. A finished document
 * leaves at once and a waiting one takes its place.
 */
export class Generation {
  private readonly waiting: number[];
  private readonly active: Sequence[] = [];
  private readonly self: SelfCache;
  private readonly cross: CrossCache;
  private readonly decoder: Decoder;

  constructor(
    model: ConvertedModel,
    private readonly encoder: Encoder,
    caches: Caches,
    private readonly request: GenerationRequest,
    private readonly stats: EngineStats,
  ) {
    const { inputs, rows, documents, maxTime } = request;
    refuseTooLong(inputs, model.manifest.encoderBias);
    this.waiting = inputs.map((_, index) => index).sort((a, b) => inputs[a].ids.length - inputs[b].ids.length || b - a);
    const longest = inputs.reduce((length, input) => Math.max(length, input.ids.length), 1);
    // One place more than a single document needs: see Decoder.step.
    const places = Math.max(documents, rows === 1 ? 2 : 1);
    this.self = caches.selfCache(places, rows, maxTime);
    this.cross = caches.crossCache(places, paddedLength(longest));
    this.decoder = new Decoder(model, stats);
  }

  /** One round: schedule, encode, decode, commit. False when everything is done. */
  async step(): Promise<boolean> {
    const { rows, onWork, signal } = this.request;
    signal?.throwIfAborted();
    await this.admit();
    if (this.active.length === 0) return false;
    this.shrink();
    const searches = this.active.map(({ search }) => search);
    const tokens = new Int32Array(searches.length * rows);
    searches.forEach((search, place) => {
      tokens.set(search.tokens, place * rows);
    });
    const need = joinNeeds(searches.map((search) => search.need()));
    const answer = await this.decoder.step(tokens, searches.length, rows, need, this.self, this.cross);
    onWork?.();
    const begin = performance.now();
    searches.forEach((search, place) => {
      search.advance(candidatesOf(answer, place, rows));
      this.self.commit(place, search.parents);
    });
    this.stats.selectMs += performance.now() - begin;
    this.retire();
    return true;
  }

  private async admit(): Promise<void> {
    const { inputs, documents, refill, newSearch, onWork, signal } = this.request;
    if (!refill && this.active.length > 0) return;
    while (this.active.length < documents && this.waiting.length > 0) {
      // A whole batch of documents takes seconds.
      signal?.throwIfAborted();
      const index = this.waiting.pop() as number;
      const { ids } = inputs[index];
      const place = this.active.length;
      const begin = performance.now();
      await this.encoder.encode(ids, this.cross, place);
      this.stats.encodeMs += performance.now() - begin;
      onWork?.();
      this.self.clear(place);
      this.active.push({ index, ids, search: newSearch(inputs[index]) });
    }
  }

  /** Everyone's padding follows the longest document that is still being decoded. */
  private shrink(): void {
    const longest = this.active.reduce((length, { ids }) => Math.max(length, ids.length), 1);
    if (paddedLength(longest) < this.cross.length) this.cross.shrink(paddedLength(longest), this.active.length);
  }

  /** Hands out the results of finished documents and closes the gaps they leave. */
  private retire(): void {
    const { inputs, onResult } = this.request;
    for (let place = this.active.length - 1; place >= 0; place--) {
      const { index, search } = this.active[place];
      if (!search.done) continue;
      const sequences = search.results();
      this.stats.documents += 1;
      this.stats.inputTokens += inputs[index].ids.length;
      for (const { tokenIds } of sequences) this.stats.outputTokens += tokenIds.length;
      onResult({ index, inputTokens: inputs[index].ids.length, truncated: inputs[index].truncated, sequences });
      const last = this.active.length - 1;
      if (place !== last) {
        this.self.move(last, place);
        this.cross.move(last, place);
        this.active[place] = this.active[last];
      }
      this.active.pop();
    }
  }
}

export function refuseEmpty(inputs: readonly EncodedInput[]): void {
  const index = inputs.findIndex(({ ids }) => ids.length === 0);
  if (index < 0) return;
  throw new PrecisError('input', {
    found: `input ${index} has no tokens`,
    expected: 'at least the end token',
    action: 'tokenize it with the end token',
  });
}
