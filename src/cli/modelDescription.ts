import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { openCheckpoint } from '../checkpoint/open.js';
import type { GenerationDefaults } from '../checkpoint/types.js';
import { chooseVariant, isGenericFolder, readGenericModel } from '../engine/generic/genericFolder.js';
import { resolveOptions } from '../engine/search/options.js';
import { listConversions } from '../graph/conversions.js';
import { modelFolder } from '../predict/modelUri.js';
import { taskPrefix } from '../text/prompt.js';
import { openTokenizer } from '../text/tokenizer.js';

/** What `precis models show --json` prints of a model folder. */
export type ModelDescription = ReturnType<typeof describeFolder>;

export function describeFolder(uri: string) {
  const dir = modelFolder(uri);
  return isGenericFolder(dir) ? describeExport(uri, dir) : describeCheckpoint(uri, dir);
}

function describeCheckpoint(uri: string, dir: string) {
  const checkpoint = openCheckpoint(dir);
  try {
    const { config, defaults, parameters, hash, warnings } = checkpoint;
    const conversions = listConversions().filter(({ manifest }) => manifest?.checkpointHash === hash);
    return {
      model: uri,
      dir,
      kind: 'checkpoint' as const,
      family: config.modelType as string,
      parameters,
      hash,
      config: { ...config },
      ...generationOf(defaults, (task) => resolveOptions({}, defaults, config, task)),
      tokenizer: tokenizerOf(dir, config),
      files: filesOf(dir),
      conversions: conversions.map(({ dir: converted, manifest, bytes, current }) => {
        return { precision: manifest?.precision, bytes, current, dir: converted };
      }),
      warnings,
    };
  } finally {
    checkpoint.weights.close();
  }
}

/** What an ONNX export says of itself; its architecture is in graphs that nobody reads here. */
function describeExport(uri: string, dir: string) {
  const { defaults, tokens, maxPositions } = readGenericModel(dir);
  return {
    model: uri,
    dir,
    kind: 'ONNX export' as const,
    family: 'other',
    parameters: null,
    hash: null,
    config: { ...tokens, maxPositions },
    ...generationOf(defaults, () => defaults.generationConfig),
    tokenizer: tokenizerOf(dir, { vocabSize: tokens.vocabSize, maxPositions }),
    files: filesOf(dir),
    conversions: [
      { precision: chooseVariant(dir, 'auto').precision, bytes: null, current: true, dir: path.join(dir, 'onnx') },
    ],
    warnings: [],
  };
}

function generationOf(defaults: GenerationDefaults, resolved: (task: string) => object) {
  const { taskSpecificParams } = defaults;
  return {
    /** By task, what is put before every text. */
    tasks: Object.fromEntries(
      Object.keys(taskSpecificParams).map((task) => [task, taskPrefix(taskSpecificParams, task)]),
    ),
    /** What holds when nothing is asked for. */
    generation: { ...resolved('summarization') } as Readonly<Record<string, unknown>>,
  };
}

/** A model may be described without a tokenizer; why it cannot be used is part of the description. */
function tokenizerOf(dir: string, model: Parameters<typeof openTokenizer>[1]) {
  try {
    const tokenizer = openTokenizer(dir, model);
    return { vocabulary: tokenizer.vocabSize, max_input_tokens: tokenizer.defaultMaxTokens, problem: null };
  } catch (error) {
    return { vocabulary: null, max_input_tokens: null, problem: (error as Error).message };
  }
}

function filesOf(dir: string): { name: string; bytes: number }[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stats: statSync(path.join(dir, name)) }))
    .filter(({ stats }) => stats.isFile())
    .map(({ name, stats }) => ({ name, bytes: stats.size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
