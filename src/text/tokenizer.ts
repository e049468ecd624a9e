import { readByteTokenizer } from './byteTokenizer.js';
import { readLibraryTokenizer } from './libraryTokenizer.js';
import { readTokenizerFiles, refuseVocabulary } from './tokenizerFiles.js';
import type { Tokenizer } from './types.js';
import { readUnigramTokenizer } from './unigramTokenizer.js';

export type { EncodeOptions, TokenizedText, Tokenizer } from './types.js';

/** What a model says of the ids that it reads. */
export interface TokenizedFor {
  readonly vocabSize: number;
  /** The longest input that the model has positions for; absent or null where there is no such limit. */
  readonly maxPositions?: number | null;
}

/**
 * Opens the tokenizer of a model folder: bytes (ByT5), our own Unigram for the form that T5 and mT5 have, or the
 * tokenizers library of transformers.js for every other form.
 */
export function openTokenizer(dir: string, model: TokenizedFor): Tokenizer {
  const files = readTokenizerFiles(dir, model.maxPositions ?? null);
  const tokenizer = readByteTokenizer(files) ?? readUnigramTokenizer(files) ?? readLibraryTokenizer(files);
  if (tokenizer.vocabSize > model.vocabSize) refuseVocabulary(files, tokenizer.vocabSize, model.vocabSize);
  return tokenizer;
}
