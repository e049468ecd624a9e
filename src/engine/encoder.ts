import { EMBEDDING } from '../graph/manifest.js';
import type { ConvertedModel } from './convertedModel.js';
import { type CrossCache, paddedLength } from './crossCache.js';
import { EncoderBias } from './relativeBias.js';
import { type Feeds, tensor } from './session.js';

/** Encodes documents, one a run: without neighbours there is no padding, no mask, and attention stays in the processor's cache. */
export class Encoder {
  private readonly biases: EncoderBias[];
  private zeroPoints = new Uint8Array(0);

  constructor(private readonly model: ConvertedModel) {
    this.biases = model.manifest.encoderBias.map((table) => new EncoderBias(table));
  }

  /** Encodes a document into its place in the decoder's cache. */
  async encode(ids: Int32Array, cache: CrossCache, slot: number): Promise<void> {
    await this.model.encoder.run(this.feeds(ids, cache.length), cache.outputs(slot));
    cache.setLength(slot, ids.length);
  }

  /** The mean of a document's states, each token counting alike. */
  async embed(ids: Int32Array): Promise<Float32Array> {
    const outputs = await this.model.encoder.run(this.feeds(ids, paddedLength(ids.length)), { [EMBEDDING]: null });
    return outputs[EMBEDDING].data as Float32Array;
  }

  private feeds(ids: Int32Array, padded: number): Feeds {
    const length = ids.length;
    const feeds: Feeds = {
      ids: tensor('int32', ids, [length]),
      padding: tensor('int64', BigInt64Array.of(BigInt(padded - length)), [1]),
    };
    if (this.model.int8) feeds.zero_points = tensor('uint8', this.zeroPointsOf(length), [length]);
    this.biases.forEach((bias, set) => {
      bias.forLength(length).forEach((matrix, head) => {
        feeds[`bias.${set}.${head}`] = tensor('float32', matrix, [length, length]);
      });
    });
    return feeds;
  }

  private zeroPointsOf(length: number): Uint8Array {
    if (this.zeroPoints.length < length) this.zeroPoints = new Uint8Array(length).fill(128);
    return this.zeroPoints.subarray(0, length);
  }
}
