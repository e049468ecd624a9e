import fs from 'node:fs';
import path from 'node:path';

export type WeightType = 'f32' | 'f16' | 'bf16';

/** A tensor that is made only when it is written, so that a checkpoint never lies in memory whole. */
export interface LazyTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly make: () => Float32Array;
}

const BYTES: Record<WeightType, number> = { f32: 4, f16: 2, bf16: 2 };

/** Writes model.safetensors, or `shards` files with their index as `save_pretrained` names them. */
export function writeSafetensors(dir: string, tensors: readonly LazyTensor[], type: WeightType, shards: number): void {
  if (shards <= 1) {
    writeFile(path.join(dir, 'model.safetensors'), tensors, type);
    return;
  }
  const weightMap: Record<string, string> = {};
  let totalSize = 0;
  for (let shard = 0; shard < shards; shard++) {
    const from = Math.floor((tensors.length * shard) / shards);
    const to = Math.floor((tensors.length * (shard + 1)) / shards);
    const file = `model-${number5(shard + 1)}-of-${number5(shards)}.safetensors`;
    const part = tensors.slice(from, to);
    for (const tensor of part) {
      weightMap[tensor.name] = file;
      totalSize += elements(tensor) * BYTES[type];
    }
    writeFile(path.join(dir, file), part, type);
  }
  const index = { metadata: { total_size: totalSize }, weight_map: weightMap };
  fs.writeFileSync(path.join(dir, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`);
}

function writeFile(file: string, tensors: readonly LazyTensor[], type: WeightType): void {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const tensor of tensors) {
    const end = offset + elements(tensor) * BYTES[type];
    header[tensor.name] = { dtype: type.toUpperCase(), shape: tensor.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(header);
  // The reference writer pads the header with spaces so that the data starts at a multiple of 8 bytes.
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8, ' '));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const handle = fs.openSync(file, 'w');
  try {
    fs.writeSync(handle, length);
    fs.writeSync(handle, text);
    for (const tensor of tensors) writeAll(handle, encode(tensor.make(), type));
  } finally {
    fs.closeSync(handle);
  }
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(handle, bytes, done);
}

function encode(values: Float32Array, type: WeightType): Uint8Array {
  if (type === 'f32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  const convert = type === 'bf16' ? toBfloat16 : toFloat16;
  for (let i = 0; i < out.length; i++) out[i] = convert(bits[i]);
  return new Uint8Array(out.buffer);
}

/** Round to nearest, ties to even; weights are finite. */
function toBfloat16(bits: number): number {
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** Round to nearest, ties to even; values too large for float16 become infinite, as in numpy. */
function toFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  const shift = 126 - (magnitude >>> 23);
  if (shift > 24) return sign;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const halved = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (halved + (rest > half || (rest === half && (halved & 1) === 1) ? 1 : 0));
}

function elements(tensor: LazyTensor): number {
  return tensor.shape.reduce((product, size) => product * size, 1);
}

function number5(value: number): string {
  return String(value).padStart(5, '0');
}
