import fs from 'node:fs';
import { PrecisError } from '../errors.js';
import { duplicateKey } from './duplicateKeys.js';

/** A tensor of any type that the format knows; which types can be used is decided where tensors are needed. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly file: string;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** The reference implementation refuses longer headers too. */
const LONGEST_HEADER = 100_000_000;
const LFS_POINTER = 'version https://git-lfs';

const BITS: Record<string, number> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
};

/** Reads and checks the header of one safetensors file: every byte of the data belongs to exactly one tensor. */
export function readHeader(file: string, handle: number): StoredTensor[] {
  const size = fs.fstatSync(handle).size;
  if (size === 0) throw broken(file, 'is empty', 'a safetensors file');
  const start = readBytes(handle, 0, Math.min(size, LFS_POINTER.length));
  if (start.toString('latin1') === LFS_POINTER) {
    throw new PrecisError('weights', {
      found: `${file} is a Git-LFS pointer`,
      expected: 'the weights themselves',
      action: 'run `git lfs pull` in that folder or download the file again',
    });
  }
  if (size < 8) throw broken(file, `has ${size} bytes`, 'at least the 8 bytes of the header length');
  const length = readBytes(handle, 0, 8).readBigUInt64LE();
  if (length > LONGEST_HEADER) {
    throw broken(file, `gives a header length of ${length} bytes`, `at most ${LONGEST_HEADER}`);
  }
  const dataStart = 8 + Number(length);
  if (dataStart > size) {
    throw broken(file, `ends within its header (${size} bytes)`, `at least ${dataStart} bytes`);
  }
  const entries = parseHeader(file, readBytes(handle, 8, Number(length)));
  const tensors = entries.map(([name, entry]) => checkTensor(file, name, entry, dataStart));
  checkCoverage(file, tensors, dataStart, size);
  return tensors;
}

function parseHeader(file: string, bytes: Buffer): [string, unknown][] {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw broken(file, 'has a header that is not JSON', 'a safetensors header', error);
  }
  if (!isObject(header)) throw broken(file, 'has a header that is not a JSON object', 'a safetensors header');
  const twice = duplicateKey(text);
  if (twice !== null) throw broken(file, `names ${JSON.stringify(twice)} twice in its header`, 'every name once');
  return Object.entries(header).filter(([name]) => name !== '__metadata__');
}

function checkTensor(file: string, name: string, entry: unknown, dataStart: number): StoredTensor {
  const fault = (found: string, expected: string) => broken(file, `tensor ${JSON.stringify(name)} ${found}`, expected);
  if (!isObject(entry)) throw fault('is not described by an object', 'dtype, shape and data_offsets');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(BITS, dtype)) {
    throw fault(`has the dtype ${JSON.stringify(dtype)}`, 'one of the safetensors format');
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw fault(`has the shape ${JSON.stringify(shape)}`, 'a list of whole numbers');
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    throw fault(`has the data_offsets ${JSON.stringify(offsets)}`, 'a start and an end that is not before it');
  }
  const byteLength = offsets[1] - offsets[0];
  const needed = shape.reduce((product, dimension) => product * dimension, 1) * (BITS[dtype] / 8);
  if (needed !== byteLength) {
    throw fault(`has ${byteLength} bytes`, `${needed} for ${dtype} of shape [${shape.join(', ')}]`);
  }
  return { name, dtype, shape: Object.freeze([...shape]), file, byteOffset: dataStart + offsets[0], byteLength };
}

function checkCoverage(file: string, tensors: readonly StoredTensor[], dataStart: number, size: number): void {
  let end = dataStart;
  const byStart = [...tensors].sort((a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength);
  for (const { name, byteOffset, byteLength } of byStart) {
    const tensor = `tensor ${JSON.stringify(name)}`;
    if (byteOffset + byteLength > size) {
      const expected = `at least ${byteOffset + byteLength} for ${tensor}`;
      throw broken(file, `has ${size} bytes, so its data is cut off`, expected);
    }
    if (byteOffset < end) {
      throw broken(
        file,
        `${tensor} overlaps the one before it by ${end - byteOffset} bytes`,
        'separate bytes for each',
      );
    }
    if (byteOffset > end) {
      throw broken(file, `leaves ${byteOffset - end} bytes unused before ${tensor}`, 'tensors without gaps');
    }
    end += byteLength;
  }
  if (end < size) throw broken(file, `has ${size - end} bytes after its last tensor`, `${end} bytes`);
}

function broken(file: string, found: string, expected: string, cause?: unknown): PrecisError {
  return new PrecisError('weights', {
    found: `${file} ${found}`,
    expected,
    action: 'download or export the file again',
    cause,
  });
}

function readBytes(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const read = fs.readSync(handle, bytes, done, length - done, position + done);
    if (read === 0) return bytes.subarray(0, done);
    done += read;
  }
  return bytes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
