/**
 * Writes a Hugging Face checkpoint folder with seeded weights in a true T5 architecture, for tests and benchmarks:
 *   node dist/scripts/seeded-checkpoint.js OUT --family t5 --size small --seed 1 --tokenizer DIR
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { expectedTensors } from '../src/checkpoint/tensors.js';
import { configJson, type Dimensions, type Family, type Size, seededConfig } from './seeded/config.js';
import { type WeightType, writeSafetensors } from './seeded/safetensors.js';
import { seededScales } from './seeded/scales.js';
import { writeByteTokenizer, writeUnigramTokenizer } from './seeded/tokenizer.js';
import { type Scales, seededTensor } from './seeded/weights.js';

export interface SeededOptions {
  /** The folder to write; it is made if need be, and files of the same names are replaced. */
  readonly out: string;
  readonly family?: Family;
  readonly size?: Size;
  readonly layers?: number;
  readonly decoderLayers?: number;
  readonly dimensions?: Dimensions;
  readonly seed?: number;
  readonly dtype?: WeightType;
  readonly shards?: number;
  /** A folder whose tokenizer files are copied; without it a small tokenizer of our own is written. */
  readonly tokenizer?: string;
  /** `some`: a part of the outputs ends early by the end token; `never`: practically none does. */
  readonly eos?: 'some' | 'never';
  /** task_specific_params of config.json. */
  readonly taskSpecificParams?: Record<string, unknown>;
  /** Other weights of the parts against each other than the tuned ones, for experiments. */
  readonly scales?: Partial<Scales>;
}

const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'spiece.model'];

export function writeSeededCheckpoint(options: SeededOptions): void {
  const { out, family = 't5', size = 'tiny', seed = 1, dtype = 'f32', shards = 1, eos = 'some' } = options;
  fs.mkdirSync(out, { recursive: true });
  const tokens = writeTokenizer(out, family, options.tokenizer);
  const { layers, decoderLayers, dimensions } = options;
  const config = seededConfig({ family, size, layers, decoderLayers, tokens, dimensions });
  const scales = { ...seededScales(family, size, eos), ...options.scales };
  const json: Record<string, unknown> = configJson(config);
  if (options.taskSpecificParams) json.task_specific_params = options.taskSpecificParams;
  writeJson(path.join(out, 'config.json'), json);
  writeJson(path.join(out, 'generation_config.json'), {
    _from_model_config: true,
    decoder_start_token_id: config.decoderStartTokenId,
    eos_token_id: config.eosTokenIds[0],
    pad_token_id: config.padTokenId,
    transformers_version: '4.57.6',
  });
  const tensors = expectedTensors(config).map((tensor) => ({
    ...tensor,
    make: () => seededTensor(config, scales, seed, tensor),
  }));
  writeSafetensors(out, tensors, dtype, shards);
}

function writeTokenizer(out: string, family: Family, from: string | undefined): number {
  if (from === undefined) return family === 'byt5' ? writeByteTokenizer(out) : writeUnigramTokenizer(out);
  for (const file of TOKENIZER_FILES) {
    const source = path.join(from, file);
    // Read and write, because a copy would keep a read-only source's mode.
    if (fs.existsSync(source)) fs.writeFileSync(path.join(out, file), fs.readFileSync(source));
  }
  const tokenizer = JSON.parse(fs.readFileSync(path.join(out, 'tokenizer.json'), 'utf8'));
  return tokenizer.model.vocab.length;
}

function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

const USAGE = `usage: seeded-checkpoint OUT [--family t5|t5-v1.1|mt5|byt5|umt5] [--size tiny|small] [--layers N] [--decoder-layers N]
  [--dimensions JSON] [--seed N] [--dtype f32|f16|bf16] [--shards N] [--tokenizer DIR] [--eos some|never] [--scales JSON]`;

function main(args: string[]): void {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      family: text,
      size: text,
      layers: text,
      'decoder-layers': text,
      dimensions: text,
      seed: text,
      dtype: text,
      shards: text,
      tokenizer: text,
      eos: text,
      scales: text,
    },
  });
  if (positionals.length !== 1) throw new Error(USAGE);
  const oneOf = <T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T | undefined => {
    if (value === undefined || allowed.includes(value as T)) return value as T | undefined;
    throw new Error(`--${name} ${value}: expected one of ${allowed.join(', ')}\n${USAGE}`);
  };
  const count = (name: string, value: string | undefined): number | undefined => {
    if (value === undefined || /^\d+$/.test(value)) return value === undefined ? undefined : Number(value);
    throw new Error(`--${name} ${value}: expected a whole number\n${USAGE}`);
  };
  writeSeededCheckpoint({
    out: positionals[0],
    family: oneOf('family', values.family, ['t5', 't5-v1.1', 'mt5', 'byt5', 'umt5']),
    size: oneOf('size', values.size, ['tiny', 'small']),
    layers: count('layers', values.layers),
    decoderLayers: count('decoder-layers', values['decoder-layers']),
    dimensions: values.dimensions === undefined ? undefined : JSON.parse(values.dimensions),
    seed: count('seed', values.seed),
    dtype: oneOf('dtype', values.dtype, ['f32', 'f16', 'bf16']),
    shards: count('shards', values.shards),
    tokenizer: values.tokenizer,
    eos: oneOf('eos', values.eos, ['some', 'never']),
    scales: values.scales === undefined ? undefined : JSON.parse(values.scales),
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
