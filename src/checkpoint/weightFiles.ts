import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { readJsonObject } from './jsonFile.js';
import { readHeader, type StoredTensor } from './safetensorsHeader.js';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/** The open weight files of a checkpoint and what they hold. */
export interface WeightFiles {
  /** Full paths, in a fixed order. */
  readonly files: readonly string[];
  readonly handles: ReadonlyMap<string, number>;
  readonly stored: ReadonlyMap<string, StoredTensor>;
  close(): void;
}

/** Opens model.safetensors, or the shards that its index names, and reads their headers. */
export function openWeightFiles(dir: string): WeightFiles {
  const index = fs.existsSync(path.join(dir, SINGLE)) ? null : readIndex(dir);
  const files = index === null ? [path.join(dir, SINGLE)] : [...new Set(index.values())].sort();
  const handles = new Map<string, number>();
  const close = () => {
    for (const handle of handles.values()) fs.closeSync(handle);
    handles.clear();
  };
  try {
    const stored = new Map<string, StoredTensor>();
    for (const file of files) {
      handles.set(file, openShard(file));
      for (const tensor of readHeader(file, handles.get(file)!)) {
        const earlier = stored.get(tensor.name);
        if (earlier) throw twice(tensor.name, earlier.file, file);
        stored.set(tensor.name, tensor);
      }
    }
    if (index !== null) checkIndex(path.join(dir, INDEX), index, stored);
    return { files, handles, stored, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Tensor name -> full path of its shard. */
function readIndex(dir: string): Map<string, string> {
  const file = path.join(dir, INDEX);
  if (!fs.existsSync(file)) throw noWeights(dir);
  const { weight_map: map } = readJsonObject(file, 'weights');
  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.keys(map).length === 0) {
    throw indexFault(`${file} has no weight_map`, 'an object from tensor names to shard files');
  }
  return new Map(
    Object.entries(map).map(([name, shard]) => {
      // A name that leads out of the folder would let a checkpoint read any file of the machine.
      if (typeof shard !== 'string' || !/^[^/\\\0]+\.safetensors$/.test(shard)) {
        throw indexFault(
          `${file} puts ${JSON.stringify(name)} into ${JSON.stringify(shard)}`,
          'the plain name of a .safetensors file beside it',
        );
      }
      return [name, path.join(dir, shard)];
    }),
  );
}

function openShard(file: string): number {
  try {
    const handle = fs.openSync(file, 'r');
    if (fs.fstatSync(handle).isFile()) return handle;
    fs.closeSync(handle);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = code === 'ENOENT' ? `${file} is missing` : `${file} cannot be opened (${code})`;
    throw new PrecisError('weights', {
      found,
      expected: 'a readable safetensors file',
      action: code === 'ENOENT' ? 'download the missing file' : 'check its permissions',
      cause: error,
    });
  }
  throw new PrecisError('weights', { found: `${file} is not a file`, expected: 'a safetensors file' });
}

function checkIndex(file: string, index: ReadonlyMap<string, string>, stored: ReadonlyMap<string, StoredTensor>): void {
  const details: string[] = [];
  for (const [name, shard] of index) {
    if (stored.get(name)?.file !== shard) details.push(`${name} is not in ${path.basename(shard)}`);
  }
  if (details.length === 0) return;
  throw new PrecisError('weights', {
    found: `${file} names ${details.length} tensors that are not where it says`,
    expected: 'shards that belong to this index',
    action: 'download the index and all its shards again',
    details,
  });
}

function twice(name: string, first: string, second: string): PrecisError {
  return new PrecisError('weights', {
    found: `tensor ${JSON.stringify(name)} is in ${first} and in ${second}`,
    expected: 'every tensor in one shard',
    action: 'download or export the shards again',
  });
}

function indexFault(found: string, expected: string): PrecisError {
  return new PrecisError('weights', { found, expected, action: 'download or export the checkpoint again' });
}

function noWeights(dir: string): PrecisError {
  const names = fs.readdirSync(dir);
  const pickled = names.find((name) =>
    /^(pytorch_model.*\.bin|.*\.pt|.*\.pth|tf_model\.h5|flax_model\.msgpack)(\.index\.json)?$/.test(name),
  );
  if (pickled !== undefined) {
    return new PrecisError('weights', {
      found: `${dir} has its weights in ${pickled} only`,
      expected: `${SINGLE}, or shards with ${INDEX}`,
      action: 'load it with transformers and save it with `save_pretrained(folder, safe_serialization=True)`',
    });
  }
  return new PrecisError('weights', {
    found: `${dir} has no weights`,
    expected: `${SINGLE}, or shards with ${INDEX}`,
    action: 'download the weights into the folder',
  });
}
