import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { modelConfig } from './config.js';
import { generationDefaults } from './generationDefaults.js';
import { hashFiles } from './hash.js';
import { readJsonObject } from './jsonFile.js';
import { readAsFloat32 } from './readTensor.js';
import { resolveTensors } from './resolveTensors.js';
import type { Checkpoint, TensorInfo, WeightSource } from './types.js';
import { openWeightFiles, type WeightFiles } from './weightFiles.js';

/** Opens a checkpoint folder and checks everything but the tensors' values, which are read when asked for. */
export function openCheckpoint(folder: string): Checkpoint {
  const dir = path.resolve(folder);
  const configFile = findConfig(dir);
  const json = readJsonObject(configFile, 'config');
  const defaults = generationDefaults(dir, json);
  const described = modelConfig(configFile, json, defaults.generationConfig);
  const files = openWeightFiles(dir);
  try {
    const { config, tensors, warnings } = resolveTensors(dir, described, files);
    let hash: string | undefined;
    return {
      dir,
      config,
      defaults,
      weights: new SafetensorsWeights(tensors, files),
      parameters: [...tensors.values()].reduce((sum, tensor) => sum + elements(tensor), 0),
      warnings,
      get hash() {
        hash ??= hashFiles([configFile, ...files.files]);
        return hash;
      },
    };
  } catch (error) {
    files.close();
    throw error;
  }
}

class SafetensorsWeights implements WeightSource {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #files: WeightFiles;

  constructor(tensors: ReadonlyMap<string, TensorInfo>, files: WeightFiles) {
    this.tensors = tensors;
    this.#files = files;
  }

  readFloat32(name: string): Float32Array {
    const tensor = this.tensors.get(name);
    const handle = tensor && this.#files.handles.get(tensor.file);
    if (tensor === undefined || handle === undefined) {
      const found = tensor === undefined ? `tensor ${name} was asked for` : `${name} was read from a closed checkpoint`;
      throw new PrecisError('internal', { found, expected: 'a tensor of the configuration, while it is open' });
    }
    return readAsFloat32(handle, tensor);
  }

  close(): void {
    this.#files.close();
  }
}

function findConfig(dir: string): string {
  const expected = 'a checkpoint folder with config.json and model.safetensors';
  const stats = fs.statSync(dir, { throwIfNoEntry: false });
  if (!stats) throw new PrecisError('model', { found: `no folder ${dir}`, expected, action: 'check the path' });
  if (!stats.isDirectory()) throw new PrecisError('model', { found: `${dir} is not a folder`, expected });
  const file = path.join(dir, 'config.json');
  if (fs.existsSync(file)) return file;
  throw new PrecisError('config', {
    found: `${dir} has no config.json`,
    expected,
    action: 'download it into the folder',
  });
}

function elements(tensor: TensorInfo): number {
  return tensor.shape.reduce((product, size) => product * size, 1);
}
