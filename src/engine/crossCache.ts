import { BLOCK, type CrossTensor, crossTensors } from '../graph/crossLayout.js';
import type { ConvertedModel } from './convertedModel.js';
import { type Feeds, type TensorData, tensor } from './session.js';

/** Always whole blocks: softmax then sums in the same order whatever the padding, so a row's result does not depend on its neighbours. */
export function paddedLength(length: number): number {
  return Math.ceil(Math.max(length, 1) / BLOCK) * BLOCK;
}

/**
 * The encoded documents that are being decoded, as the decoder reads them: every layer's keys and values with the documents side by side.
 * The encoder writes straight into a document's place. All documents have one padded length, which only shrinks while a batch runs.
 */
export class CrossCache {
  private readonly planes: { readonly layout: CrossTensor; readonly data: TensorData }[];
  private readonly mask: Float32Array;
  private padded = 0;

  constructor(
    model: ConvertedModel,
    private readonly documents: number,
    private readonly maxPadded: number,
  ) {
    const { config, precision, kernels } = model.manifest;
    this.planes = crossTensors({ config, precision, crossKernel: kernels.crossKernel }).map((layout) => ({
      layout,
      data: allocate(layout.type, documents * sizeOf(layout, maxPadded)),
    }));
    this.mask = new Float32Array(documents * maxPadded);
  }

  /** Whether a batch of this size fits. */
  holds(documents: number, padded: number): boolean {
    return documents <= this.documents && padded <= this.maxPadded;
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
    for (const { layout, data } of this.planes) {
      const size = sizeOf(layout, this.padded);
      feeds[layout.name] = tensor(layout.type, data.subarray(slot * size, (slot + 1) * size), layout.dims(this.padded));
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
    for (const { layout, data } of this.planes) {
      const values = data.subarray(0, documents * sizeOf(layout, this.padded));
      feeds[layout.name] = tensor(layout.type, values, [documents, ...layout.dims(this.padded)]);
    }
    const mask = this.mask.subarray(0, documents * this.padded);
    feeds.cross_mask = tensor('float32', mask, [documents, 1, 1, this.padded]);
  }

  /** Moves the document at `from` to `to`, whose own is finished. */
  move(from: number, to: number): void {
    for (const { layout, data } of this.planes) {
      const size = sizeOf(layout, this.padded);
      data.copyWithin(to * size, from * size, (from + 1) * size);
    }
    this.mask.copyWithin(to * this.padded, from * this.padded, (from + 1) * this.padded);
  }

  /** Cuts everyone's padding down to `padded`, which must still hold the longest document. */
  shrink(padded: number, documents: number): void {
    const cut = (data: TensorData, rows: number, width: number): void => {
      const [before, after] = [this.padded * width, padded * width];
      for (let row = 1; row < rows; row++) data.copyWithin(row * after, row * before, row * before + after);
    };
    for (const { layout, data } of this.planes) {
      if (layout.positional) cut(data, documents * layout.rows, layout.width);
    }
    cut(this.mask, documents, 1);
    this.padded = padded;
  }
}

function sizeOf({ rows, width, positional }: CrossTensor, padded: number): number {
  return rows * width * (positional ? padded : 1);
}

function allocate(type: CrossTensor['type'], length: number): TensorData {
  if (type === 'int8') return new Int8Array(length);
  if (type === 'uint8') return new Uint8Array(length);
  return type === 'int32' ? new Int32Array(length) : new Float32Array(length);
}
