import fs from 'node:fs';
import { PrecisError } from '../errors.js';
import type { TensorInfo } from './types.js';

/** One read call takes at most 2 GiB. */
const LARGEST_READ = 1 << 30;

/**
 * Reads one tensor as float32 into a single buffer: 16-bit values are read into its second half and widened from the
 * front, which never overtakes them, so that no second copy is needed.
 */
export function readAsFloat32(handle: number, tensor: TensorInfo): Float32Array {
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  const out = new Float32Array(count);
  const bytes = new Uint8Array(out.buffer, out.byteLength - tensor.byteLength);
  readFully(handle, bytes, tensor);
  if (tensor.dtype === 'F32') return out;
  const halves = new Uint16Array(out.buffer, bytes.byteOffset, count);
  const bits = new Uint32Array(out.buffer);
  if (tensor.dtype === 'BF16') {
    for (let i = 0; i < count; i++) bits[i] = halves[i] << 16;
  } else {
    const table = float16Bits();
    for (let i = 0; i < count; i++) bits[i] = table[halves[i]];
  }
  return out;
}

/** Whether two tensors hold the same bytes: how copies of a shared matrix are told from matrices of their own. */
export function sameBytes(a: TensorInfo, aHandle: number, b: TensorInfo, bHandle: number): boolean {
  if (a.dtype !== b.dtype || a.byteLength !== b.byteLength) return false;
  const chunk = 1 << 20;
  const [left, right] = [new Uint8Array(chunk), new Uint8Array(chunk)];
  for (let done = 0; done < a.byteLength; done += chunk) {
    const length = Math.min(chunk, a.byteLength - done);
    const part = (tensor: TensorInfo) => ({ ...tensor, byteOffset: tensor.byteOffset + done });
    readFully(aHandle, left.subarray(0, length), part(a));
    readFully(bHandle, right.subarray(0, length), part(b));
    if (Buffer.compare(left.subarray(0, length), right.subarray(0, length)) !== 0) return false;
  }
  return true;
}

function readFully(handle: number, bytes: Uint8Array, { file, byteOffset }: TensorInfo): void {
  for (let done = 0; done < bytes.length; ) {
    const read = fs.readSync(handle, bytes, done, Math.min(bytes.length - done, LARGEST_READ), byteOffset + done);
    if (read === 0) {
      throw new PrecisError('weights', {
        found: `${file} became shorter while it was read`,
        expected: 'a file that nobody writes meanwhile',
        action: 'try again when the download or copy is complete',
      });
    }
    done += read;
  }
}

let float16Table: Uint32Array | undefined;

/** The float32 bits of every float16. */
function float16Bits(): Uint32Array {
  if (float16Table) return float16Table;
  const values = new Float32Array(65536);
  for (let half = 0; half < 65536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) values[half] = sign * fraction * 2 ** -24;
    else if (exponent === 31) values[half] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else values[half] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  float16Table = new Uint32Array(values.buffer);
  return float16Table;
}
