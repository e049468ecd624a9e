import { closeSync, openSync, writeSync } from 'node:fs';
import type { ElementType, WeightRef } from './onnx.js';

/** Offsets are multiples of this so that onnxruntime can map the file and several sessions share its pages. */
const ALIGNMENT = 4096;

/** A single write takes less than 2 GiB. */
const LARGEST_WRITE = 1 << 30;

/** Appends tensors to the one file that the graphs of a model refer to. Each is written when it is added; none is kept in memory. */
export class WeightFile {
  private readonly fd: number;
  private readonly refs = new Map<string, WeightRef>();
  private offset = 0;

  constructor(path: string) {
    this.fd = openSync(path, 'wx');
  }

  /** The tensor of that name; `make` is called the first time only. */
  add(name: string, type: ElementType, dims: readonly number[], make: () => ArrayBufferView): WeightRef {
    const known = this.refs.get(name);
    if (known) return known;
    const values = make();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.fd, bytes, done, Math.min(bytes.length - done, LARGEST_WRITE), this.offset + done);
    }
    const ref: WeightRef = { name, type, dims, offset: this.offset, length: bytes.length };
    this.refs.set(name, ref);
    this.offset += Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT;
    return ref;
  }

  close(): void {
    closeSync(this.fd);
  }
}
