import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';

const SENSIBLE_MAX_TOKENS = 100_000;
const FALLBACK_MAX_TOKENS = 512;

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly normalized: boolean;
  readonly single_word: boolean;
}

/** tokenizer.json in the form of Hugging Face's tokenizers; the parts are checked by those who read them. */
export interface TokenizerJson {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: Readonly<Record<string, unknown>> | null;
  readonly pre_tokenizer: Readonly<Record<string, unknown>> | null;
  readonly post_processor: Readonly<Record<string, unknown>> | null;
  readonly decoder: Readonly<Record<string, unknown>> | null;
  readonly model: Readonly<Record<string, unknown>>;
}

export interface TokenizerFiles {
  readonly dir: string;
  readonly jsonPath: string;
  /** Null for byte tokenizers, which have none. */
  readonly json: TokenizerJson | null;
  readonly config: Readonly<Record<string, unknown>>;
  /** `model_max_length` where it is a real limit. */
  readonly defaultMaxTokens: number;
  readonly truncateLeft: boolean;
}

export function readTokenizerFiles(dir: string, maxPositions: number | null): TokenizerFiles {
  const jsonPath = path.join(dir, 'tokenizer.json');
  const config = readJson(path.join(dir, 'tokenizer_config.json')) ?? {};
  const isByte = String(config.tokenizer_class ?? '').startsWith('ByT5Tokenizer');
  const json = isByte ? null : checkTokenizerJson(jsonPath, readJson(jsonPath));
  const named = config.model_max_length;
  const isLimit = typeof named === 'number' && named >= 1 && named <= SENSIBLE_MAX_TOKENS;
  const limit = isLimit ? Math.floor(named) : FALLBACK_MAX_TOKENS;
  return {
    dir,
    jsonPath,
    json,
    config,
    defaultMaxTokens: Math.min(limit, maxPositions ?? limit),
    truncateLeft: config.truncation_side === 'left',
  };
}

export function refuseVocabulary(files: TokenizerFiles, found: number, vocabSize: number): never {
  throw new PrecisError('tokenizer', {
    found: `${files.json ? files.jsonPath : files.dir} has token ids up to ${found - 1}`,
    expected: `ids below ${vocabSize}, the rows of the model's embedding (vocab_size in config.json)`,
    action: 'use the tokenizer that the model was trained with',
  });
}

function readJson(file: string): Record<string, unknown> | null {
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  if (text.startsWith('version https://git-lfs')) {
    throw new PrecisError('tokenizer', {
      found: `${file} is a Git-LFS pointer`,
      expected: 'the file itself',
      action: 'fetch it with `git lfs pull`',
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new PrecisError('tokenizer', {
      found: `${file} does not parse: ${(cause as Error).message}`,
      expected: 'JSON',
      action: 'copy the file again from where the model came from',
      cause,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new PrecisError('tokenizer', { found: `${file} is not a JSON object`, expected: 'an object of settings' });
  }
  return parsed as Record<string, unknown>;
}

function checkTokenizerJson(file: string, json: Record<string, unknown> | null): TokenizerJson {
  if (json === null) {
    throw new PrecisError('tokenizer', {
      found: `${file} is missing`,
      expected: "a tokenizer in the form of Hugging Face's tokenizers",
      action: 'copy it beside config.json, or save it with AutoTokenizer.from_pretrained(...).save_pretrained(...)',
    });
  }
  const parts = ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder'];
  const isPart = (value: unknown) => value === null || (typeof value === 'object' && !Array.isArray(value));
  const problems = parts.filter((name) => !isPart(json[name] ?? null)).map((name) => `${name} is not an object`);
  if (!isPart(json.model) || json.model === null) problems.push('model is not an object');
  if (json.added_tokens !== undefined && !Array.isArray(json.added_tokens)) problems.push('added_tokens is not a list');
  const added = (Array.isArray(json.added_tokens) ? json.added_tokens : []) as Partial<AddedToken>[];
  added.forEach((token, i) => {
    if (typeof token?.content === 'string' && Number.isInteger(token.id) && token.id! >= 0) return;
    problems.push(`added_tokens[${i}] has no content or no id`);
  });
  if (problems.length > 0) {
    throw new PrecisError('tokenizer', {
      found: `${file} is malformed`,
      expected: "the form of Hugging Face's tokenizers",
      details: problems,
    });
  }
  const nulls = Object.fromEntries(parts.map((name) => [name, json[name] ?? null]));
  return { ...json, ...nulls, added_tokens: added } as unknown as TokenizerJson;
}
