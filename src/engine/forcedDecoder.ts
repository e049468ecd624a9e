import type { ConvertedModel } from './convertedModel.js';
import type { CrossCache } from './crossCache.js';
import { biasByAge } from './relativeBias.js';
import { type Feeds, tensor } from './session.js';
import type { EngineStats } from './stats.js';

/** Consecutive tokens of a target that run together: target[from], ..., target[to - 1]. */
export interface Piece {
  readonly target: number;
  readonly from: number;
  readonly to: number;
}

/** What the decoder says of each token fed, in the order of the pieces. */
export interface ForcedRows {
  /** Row r's logits start at r * stride; they tell the token that followed. */
  readonly logits: Float32Array;
  readonly stride: number;
  readonly logSumExp: Float32Array;
  /** Each layer's new keys and values [rows, 2 * inner]. */
  readonly layers: readonly Float32Array[];
}

/** Passes of the decoder over given tokens of one document, side by side instead of step by step. */
export class ForcedDecoder {
  private readonly biases: (readonly Float32Array[])[];
  /** Keys and values of the earlier pieces of a long target: a list a layer of [tokens, 2 * inner]. */
  private past: Float32Array[][] = [];
  private pastTokens = 0;

  constructor(
    private readonly model: ConvertedModel,
    private readonly cross: CrossCache,
    private readonly stats: EngineStats,
  ) {
    this.biases = model.manifest.decoderBias.map(biasByAge);
    this.forget();
  }

  /** A piece that is not its target's last is alone in its run, and the next run has the piece that follows. */
  async run(pieces: readonly Piece[], targets: readonly Int32Array[]): Promise<ForcedRows> {
    const begin = performance.now();
    const tokens = pieces.flatMap(({ target, from, to }) => this.fed(targets[target], from, to));
    // A product of a single row would take another kernel, whose last bits differ: it gets a neighbour that nobody looks at.
    const spare = tokens.length === 1 ? 1 : 0;
    const rows = tokens.length + spare;
    const feeds: Feeds = { tokens: tensor('int32', Int32Array.of(...tokens, ...tokens.slice(0, spare)), [1, rows]) };
    this.feedPast(feeds);
    this.feedBias(feeds, spare ? [...pieces, { target: -1, from: 0, to: 1 }] : pieces, rows);
    this.cross.feed(feeds, 1);
    if (this.model.int8) {
      feeds.zero_points = tensor('uint8', new Uint8Array(rows).fill(128), [rows]);
      const queries = rows * this.model.config.numHeads;
      feeds.query_zero_points = tensor('uint8', new Uint8Array(queries).fill(128), [queries]);
    }
    const names = this.past.map((_, layer) => `new_kv.${layer}`);
    const outputs: Record<string, null> = { logits: null, log_sum_exp: null };
    for (const name of names) outputs[name] = null;
    const session = await this.model.decoder('all');
    const started = performance.now();
    const result = await session.run(feeds, outputs);
    this.stats.copyMs += started - begin;
    this.stats.decodeMs += performance.now() - started;
    this.stats.decoderSteps += 1;
    this.stats.decoderRows += rows;
    const layers = names.map((name) => result[name].data as Float32Array);
    this.remember(pieces[0], targets, layers);
    const logits = result.logits.data as Float32Array;
    return { logits, stride: logits.length / rows, logSumExp: result.log_sum_exp.data as Float32Array, layers };
  }

  private remember({ target, from, to }: Piece, targets: readonly Int32Array[], layers: readonly Float32Array[]): void {
    if (to === targets[target].length) {
      this.forget();
      return;
    }
    this.past.forEach((list, layer) => {
      list.push(layers[layer]);
    });
    this.pastTokens += to - from;
  }

  private forget(): void {
    this.past = Array.from({ length: this.model.config.numDecoderLayers }, () => []);
    this.pastTokens = 0;
  }

  /** What the decoder is fed to tell target[from], ..., target[to - 1]: each one's predecessor. */
  private fed(target: Int32Array, from: number, to: number): number[] {
    const before = [...target.subarray(Math.max(0, from - 1), to - 1)];
    return from === 0 ? [this.model.config.decoderStartTokenId, ...before] : before;
  }

  /** The earlier pieces [1, H, T, d_kv]; without any a single slot that is hidden, because no dimension may be empty. */
  private feedPast(feeds: Feeds): void {
    const { numHeads: heads, dKv } = this.model.config;
    const inner = heads * dKv;
    const slots = Math.max(1, this.pastTokens);
    this.past.forEach((list, layer) => {
      const keys = new Float32Array(heads * slots * dKv);
      const values = new Float32Array(heads * slots * dKv);
      let slot = 0;
      for (const fresh of list) {
        for (let at = 0; at < fresh.length; at += 2 * inner, slot++) {
          for (let h = 0; h < heads; h++) {
            const source = at + h * dKv;
            keys.set(fresh.subarray(source, source + dKv), (h * slots + slot) * dKv);
            values.set(fresh.subarray(source + inner, source + inner + dKv), (h * slots + slot) * dKv);
          }
        }
      }
      feeds[`past_k.${layer}`] = tensor('float32', keys, [1, heads, slots, dKv]);
      feeds[`past_v.${layer}`] = tensor('float32', values, [1, heads, slots, dKv]);
    });
  }

  /** Each token sees itself and those before it in its own target. */
  private feedBias(feeds: Feeds, pieces: readonly Piece[], rows: number): void {
    const { numHeads: heads } = this.model.config;
    const slots = Math.max(1, this.pastTokens);
    const columns = slots + rows;
    this.biases.forEach((bias, set) => {
      const values = new Float32Array(heads * rows * columns).fill(Number.NEGATIVE_INFINITY);
      for (let h = 0; h < heads; h++) {
        const ages = bias[h];
        const farthest = ages.length - 1;
        let first = 0;
        for (const { from, to } of pieces) {
          for (let position = from; position < to; position++) {
            const row = first + position - from;
            const begin = (h * rows + row) * columns;
            for (let other = 0; other <= position; other++) {
              const column = other < from ? other : slots + first + other - from;
              values[begin + column] = ages[Math.min(position - other, farthest)];
            }
          }
          first += to - from;
        }
      }
      feeds[`self_bias.${set}`] = tensor('float32', values, [1, heads, rows, columns]);
    });
  }
}
