import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { generationDefaults } from '../../checkpoint/generationDefaults.js';
import { readJsonObject } from '../../checkpoint/jsonFile.js';
import type { GenerationDefaults, ModelConfig } from '../../checkpoint/types.js';
import { PrecisError } from '../../errors.js';

const PARTS = ['encoder_model', 'decoder_model_merged'] as const;
const NATIVE_TYPES = ['t5', 'mt5', 'umt5'];

/** What we call a precision, what transformers.js calls it, and how the files' names end; of two of a kind the first is taken. */
const VARIANTS = [
  { precision: 'int8', dtype: 'q8', suffix: '_quantized' },
  { precision: 'int8', dtype: 'int8', suffix: '_int8' },
  { precision: 'fp32', dtype: 'fp32', suffix: '' },
  { precision: 'fp16', dtype: 'fp16', suffix: '_fp16' },
] as const;

export type GenericVariant = (typeof VARIANTS)[number];

/** All that options and searches ask of a model's configuration. */
export type TokenFacts = Pick<ModelConfig, 'vocabSize' | 'padTokenId' | 'eosTokenIds' | 'decoderStartTokenId'>;

export interface GenericModel {
  readonly dir: string;
  readonly tokens: TokenFacts;
  readonly defaults: GenerationDefaults;
  /** Positions that the model has embeddings for; null where there is no such limit. */
  readonly maxPositions: number | null;
}

/** A folder with an ONNX export in the Hugging Face layout, which is not a T5 checkpoint that we convert ourselves. */
export function isGenericFolder(dir: string): boolean {
  if (!hasPart(dir, 'decoder_model_merged')) return false;
  const hasWeights = readdirSync(dir).some((name) => name.endsWith('.safetensors'));
  return !hasWeights || !NATIVE_TYPES.includes(String(readConfig(dir).model_type));
}

export function readGenericModel(dir: string): GenericModel {
  const file = path.join(dir, 'config.json');
  const config = readConfig(dir);
  const defaults = generationDefaults(dir, config);
  // As HF's generate does: the generation settings first, then the configuration.
  const value = (name: string) => defaults.generationConfig[name] ?? config[name];
  const eosTokenIds = [value('eos_token_id')].flat();
  const tokens = {
    vocabSize: value('vocab_size'),
    padTokenId: value('pad_token_id') ?? eosTokenIds[0],
    eosTokenIds,
    decoderStartTokenId: value('decoder_start_token_id') ?? value('bos_token_id'),
  };
  const isId = (id: unknown) =>
    Number.isInteger(id) && (id as number) >= 0 && (id as number) < Number(tokens.vocabSize);
  const problems = Object.entries(tokens)
    .filter(([name, found]) =>
      name === 'vocabSize' ? !(Number.isInteger(found) && Number(found) > 0) : ![found].flat().every(isId),
    )
    .map(([name, found]) => `${name}: ${JSON.stringify(found) ?? 'missing'}`);
  if (problems.length > 0) {
    throw new PrecisError('config', {
      found: `${file} does not say which tokens begin and end an output`,
      expected: 'vocab_size and token ids below it',
      details: problems,
    });
  }
  const positions = config.max_position_embeddings;
  return {
    dir,
    tokens: tokens as TokenFacts,
    defaults,
    maxPositions: Number.isInteger(positions) ? (positions as number) : null,
  };
}

/** The files to load: those of the precision asked for, or the first there are in the order int8, fp32, fp16. */
export function chooseVariant(dir: string, asked: 'auto' | GenericVariant['precision']): GenericVariant {
  const there = VARIANTS.filter(({ suffix }) => PARTS.every((part) => existsSync(partFile(dir, part, suffix))));
  const chosen = there.find(({ precision }) => asked === 'auto' || precision === asked);
  if (!chosen) {
    throw new PrecisError('model', {
      found: `${path.join(dir, 'onnx')} has ${there.map(({ precision }) => precision).join(', ') || 'no complete pair of an encoder and a decoder'}`,
      expected: `${PARTS.map((part) => `${part}*.onnx`).join(' and ')}${asked === 'auto' ? '' : ` in ${asked}`}`,
      action: there.length > 0 ? 'ask for a precision that is there' : 'export the model again with both files',
    });
  }
  for (const part of PARTS) refusePointer(partFile(dir, part, chosen.suffix));
  return chosen;
}

function partFile(dir: string, part: string, suffix: string): string {
  return path.join(dir, 'onnx', `${part}${suffix}.onnx`);
}

function hasPart(dir: string, part: string): boolean {
  const folder = path.join(dir, 'onnx');
  return (
    existsSync(folder) && statSync(folder).isDirectory() && readdirSync(folder).some((name) => name.startsWith(part))
  );
}

function readConfig(dir: string): Record<string, unknown> {
  const file = path.join(dir, 'config.json');
  if (existsSync(file)) return readJsonObject(file, 'config');
  throw new PrecisError('config', { found: `${file} is missing`, expected: "the model's configuration beside onnx/" });
}

function refusePointer(file: string): void {
  if (statSync(file).size > 1024 || !readFileSync(file, 'utf8').startsWith('version https://git-lfs')) return;
  throw new PrecisError('model', {
    found: `${file} is a Git-LFS pointer`,
    expected: 'the file itself',
    action: 'fetch it with `git lfs pull`',
  });
}
