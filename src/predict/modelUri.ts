import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { isShipped, shippedFolder } from '../engine/builtin/shippedModel.js';
import { PrecisError } from '../errors.js';

const NOT_YET = [
  { form: /^models:\//, kind: 'models of the registry (models:/)' },
  { form: /^runs:\//, kind: 'models of runs (runs:/)' },
];

/** The folder that a model URI stands for. Only folders are built yet, and the model that comes with the package: every other form is refused by its name. */
export function modelFolder(uri: string): string {
  for (const { form, kind } of NOT_YET) {
    if (form.test(uri)) throw notYet(uri, kind);
  }
  if (isShipped(uri)) return shippedFolder(uri);
  if (uri !== '' && existsSync(uri)) {
    if (statSync(uri).isDirectory()) return path.resolve(uri);
    throw notYet(uri, 'model bundles (a single file)');
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(uri) && !uri.startsWith('.')) {
    throw notYet(uri, `models of the hub (and there is no folder ${path.resolve(uri)})`);
  }
  throw new PrecisError('model', {
    found: `${uri === '' ? 'an empty name' : uri} is no folder`,
    expected: 'a folder with config.json, weights and tokenizer.json',
  });
}

function notYet(uri: string, kind: string): PrecisError {
  return new PrecisError('model', {
    found: `${uri}: ${kind} are not supported by this version`,
    expected: 'a model folder',
    action: 'pass the path of a folder with config.json, model.safetensors and tokenizer.json',
  });
}
