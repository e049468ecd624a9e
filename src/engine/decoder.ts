import { paddedVocabulary, VOCABULARY_BLOCK } from '../graph/headGraph.js';
import type { ConvertedModel } from './convertedModel.js';
import type { CrossCache } from './crossCache.js';
import type { Candidates, Need } from './search/search.js';
import type { SelfCache } from './selfCache.js';
import { type Feeds, tensor } from './session.js';
import type { EngineStats } from './stats.js';

/** Runs single steps of the decoder over the first documents of a batch's caches. */
export class Decoder {
  private zeroPoints = new Uint8Array(0);

  constructor(
    private readonly model: ConvertedModel,
    private readonly stats: EngineStats,
  ) {}

  /**
   * Feeds `tokens` [documents, rows], appends their keys and values to the cache (the caller commits them) and returns what `need` asks for.
   * A product of a single row would take another kernel, whose last bits differ: one row alone runs beside a document of nothing.
   */
  async step(
    tokens: Int32Array,
    documents: number,
    rows: number,
    need: Need,
    self: SelfCache,
    cross: CrossCache,
  ): Promise<Candidates> {
    const begin = performance.now();
    const { numHeads, numDecoderLayers } = this.model.config;
    const shown = documents * rows === 1 ? 2 : documents;
    if (shown > documents) {
      self.clear(documents);
      cross.setLength(documents, cross.length);
    }
    self.makeRoom(documents);
    const fed = shown > documents ? Int32Array.of(tokens[0], tokens[0]) : tokens;
    const feeds: Feeds = { tokens: tensor('int32', fed, [shown, rows]) };
    self.feed(feeds, shown);
    cross.feed(feeds, shown);
    if (this.model.int8) {
      feeds.zero_points = tensor('uint8', this.zeroPointsOf(shown * rows), [shown * rows]);
      feeds.query_zero_points = tensor('uint8', this.zeroPointsOf(shown * rows * numHeads), [shown * rows * numHeads]);
    }
    const outputs: Record<string, null> = { ids: null };
    if (need.kind === 'all') delete outputs.ids;
    if (need.kind === 'all' || need.kind === 'best') Object.assign(outputs, { logits: null, log_sum_exp: null });
    if (need.kind === 'ranked' || need.kind === 'best') {
      const vocabulary = paddedVocabulary(this.model.config.vocabSize);
      const blocks = Math.min(need.count, vocabulary / VOCABULARY_BLOCK);
      feeds.best_count = tensor('int64', BigInt64Array.of(BigInt(Math.min(need.count, vocabulary))), [1]);
      feeds.block_count = tensor('int64', BigInt64Array.of(BigInt(blocks)), [1]);
    }
    for (let layer = 0; layer < numDecoderLayers; layer++) outputs[`new_kv.${layer}`] = null;
    const session = await this.model.decoder(need.kind);
    const started = performance.now();
    const result = await session.run(feeds, outputs);
    const ran = performance.now();
    for (let layer = 0; layer < numDecoderLayers; layer++) {
      self.append(layer, result[`new_kv.${layer}`].data as Float32Array, documents);
    }
    this.stats.copyMs += started - begin + (performance.now() - ran);
    this.stats.decodeMs += ran - started;
    this.stats.decoderSteps += 1;
    this.stats.decoderRows += documents * rows;
    return {
      stride: need.kind === 'argmax' ? 1 : (result.logits ?? result.ids).dims[1],
      ids: (result.ids?.data as Int32Array) ?? null,
      logits: (result.logits?.data as Float32Array) ?? null,
      logSumExp: (result.log_sum_exp?.data as Float32Array) ?? null,
    };
  }

  private zeroPointsOf(length: number): Uint8Array {
    if (this.zeroPoints.length < length) this.zeroPoints = new Uint8Array(length).fill(128);
    return this.zeroPoints.subarray(0, length);
  }
}
