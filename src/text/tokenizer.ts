import { readByteTokenizer } from './byteTokenizer.js';
import { readLibraryTokenizer } from './libraryTokenizer.js';
import { readTokenizerFiles, refuseVocabulary } from './tokenizerFiles.js';
import type { Tokenizer } from './types.js';
import { readUnigramTokenizer } from './unigramTokenizer.js';

export type { EncodeOptions, TokenizedText, Tokenizer } from './types.js';

/**
 * Opens the tokenizer of a model folder: bytes (ByT5), our own Unigram for the form that T5 and mT5 have, or the
 * tokenizers library of transformers.js for every other form.
 */
export function openTokenizer(dir: string, model: { readonly vocabSize: number }): Tokenizer {
  const files = readTokenizerFiles(dir);
  const tokenizer = readByteTokenizer(files) ?? readUnigramTokenizer(files) ?? readLibraryTokenizer(files);
  if (tokenizer.vocabSize > model.vocabSize) refuseVocabulary(files, tokenizer.vocabSize, model.vocabSize);
  return tokenizer;
}
