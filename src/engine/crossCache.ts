import { blockedKeys, crossType, POSITION_BLOCK } from '../graph/crossLayout.js';
import type { ConvertedModel } from './convertedModel.js';
import { type Feeds, type TensorData, type TensorType, tensor } from './session.js';

/** One of a layer's cross-attention tensors: [documents, perDocument...]. */
interface Plane {
  readonly name: string;
  readonly type: TensorType;
  readonly data: TensorData;
  /** Elements of one document at a padded length of P. */
  readonly size: (padded: number) => number;
  readonly dims: (padded: number) => number[];
  /** Rows of P elements a document (keys), or null where the positions are the outer axis or absent. */
  readonly rowsOfPositions: number | null;
  /** For values [H, P, d_kv] and blocked keys [H, P / 64, d_kv, 64]: elements of one head and position. */
  readonly channels: number | null;
}

/** Always whole blocks: softmax then sums in the same order whatever the padding, so a row's result does not depend on its neighbours. */
export function paddedLength(length: number): number {
  return Math.ceil(Math.max(length, 1) / POSITION_BLOCK) * POSITION_BLOCK;
}

/**
 * The encoded documents that are being decoded, as the decoder reads them: every layer's keys and values with the documents side by side.
 * The encoder writes straight into a document's place. All documents have one padded length, which only shrinks while a batch runs.
 */
export class CrossCache {
  private readonly planes: Plane[] = [];
  private readonly mask: Float32Array;
  private padded = 0;

  constructor(model: ConvertedModel, documents: number, maxPadded: number) {
    const { numHeads: heads, dKv, numDecoderLayers } = model.config;
    const inner = heads * dKv;
    const context = {
      config: model.config,
      precision: model.manifest.precision,
      crossKernel: model.manifest.kernels.crossKernel,
    };
    const type = crossType(context);
    const blocked = blockedKeys(context);
    const allocate = (kind: TensorType, size: number): TensorData => {
      const length = documents * size;
      if (kind === 'int8') return new Int8Array(length);
      if (kind === 'uint8') return new Uint8Array(length);
      return kind === 'int32' ? new Int32Array(length) : new Float32Array(length);
    };
    const add = (plane: Omit<Plane, 'data'>): void => {
      this.planes.push({ ...plane, data: allocate(plane.type, plane.size(maxPadded)) });
    };
    for (let layer = 0; layer < numDecoderLayers; layer++) {
      const positions = (p: number): number => inner * p;
      add(
        blocked
          ? {
              name: `cross_k.${layer}`,
              type,
              size: positions,
              dims: (p) => [heads, p / POSITION_BLOCK, dKv, POSITION_BLOCK],
              rowsOfPositions: null,
              channels: dKv,
            }
          : {
              name: `cross_k.${layer}`,
              type,
              size: positions,
              dims: (p) => [heads, dKv, p],
              rowsOfPositions: inner,
              channels: null,
            },
      );
      add({
        name: `cross_v.${layer}`,
        type,
        size: positions,
        dims: (p) => [heads, p, dKv],
        rowsOfPositions: null,
        channels: dKv,
      });
      if (!model.int8) continue;
      for (const name of [`cross_ks.${layer}`, `cross_vs.${layer}`]) {
        add({
          name,
          type: 'float32',
          size: () => inner,
          dims: () => [heads, 1, dKv],
          rowsOfPositions: null,
          channels: null,
        });
      }
      if (model.manifest.kernels.crossKernel === 'row') {
        add({
          name: `cross_kc.${layer}`,
          type: 'int32',
          size: (p) => heads * p,
          dims: (p) => [heads, 1, p],
          rowsOfPositions: heads,
          channels: null,
        });
      }
    }
    this.mask = new Float32Array(documents * maxPadded);
  }

  get length(): number {
    return this.padded;
  }

  /** Starts a new batch at this padded length; what the last one left is overwritten document by document. */
  reset(padded: number): void {
    this.padded = padded;
  }

  /** Where the encoder writes the document at `slot`. */
  outputs(slot: number): Feeds {
    const feeds: Feeds = {};
    for (const { name, type, data, size, dims } of this.planes) {
      const length = size(this.padded);
      feeds[name] = tensor(type, data.subarray(slot * length, (slot + 1) * length), dims(this.padded));
    }
    return feeds;
  }

  /** Hides the padding of a document of that many tokens. */
  setLength(slot: number, length: number): void {
    const begin = slot * this.padded;
    this.mask.fill(0, begin, begin + length);
    this.mask.fill(Number.NEGATIVE_INFINITY, begin + length, begin + this.padded);
  }

  feed(feeds: Feeds, documents: number): void {
    for (const { name, type, data, size, dims } of this.planes) {
      feeds[name] = tensor(type, data.subarray(0, documents * size(this.padded)), [documents, ...dims(this.padded)]);
    }
    feeds.cross_mask = tensor('float32', this.mask.subarray(0, documents * this.padded), [
      documents,
      1,
      1,
      this.padded,
    ]);
  }

  /** Moves the document at `from` to `to`, whose own is finished. */
  move(from: number, to: number): void {
    for (const { data, size } of this.planes) {
      const length = size(this.padded);
      data.copyWithin(to * length, from * length, (from + 1) * length);
    }
    this.mask.copyWithin(to * this.padded, from * this.padded, (from + 1) * this.padded);
  }

  /** Cuts everyone's padding down to `padded`, which must still hold the longest document. */
  shrink(padded: number, documents: number): void {
    const old = this.padded;
    for (const { data, rowsOfPositions, channels, size } of this.planes) {
      if (rowsOfPositions !== null) {
        for (let row = 1; row < documents * rowsOfPositions; row++)
          data.copyWithin(row * padded, row * old, row * old + padded);
      } else if (channels !== null) {
        const heads = size(1) / channels;
        for (let head = 1; head < documents * heads; head++) {
          data.copyWithin(head * padded * channels, head * old * channels, (head * old + padded) * channels);
        }
      }
    }
    for (let row = 1; row < documents; row++) this.mask.copyWithin(row * padded, row * old, row * old + padded);
    this.padded = padded;
  }
}
