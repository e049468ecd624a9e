import { createRequire } from 'node:module';
import { PrecisError } from '../errors.js';
import { cleanUpSpaces, wellFormed } from './cleanUp.js';
import type { TokenizerFiles } from './tokenizerFiles.js';
import type { EncodeOptions, TokenizedText, Tokenizer } from './types.js';

/** What we use of the library; its own declarations do not resolve under NodeNext. */
interface LibraryTokenizerType {
  encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  get_vocab(): Map<string, number>;
  id_to_token(id: number): string | undefined;
}

/** Every form of tokenizer.json that is not T5's, through the tokenizers library that transformers.js is built on. */
export function readLibraryTokenizer(files: TokenizerFiles): Tokenizer {
  // Loaded only when needed, and synchronously, as everything else here is.
  const library = createRequire(import.meta.url)('@huggingface/tokenizers') as {
    Tokenizer: new (json: object, config: object) => LibraryTokenizerType;
  };
  try {
    return new LibraryTokenizer(files, new library.Tokenizer(files.json!, files.config));
  } catch (cause) {
    throw new PrecisError('tokenizer', {
      found: `${files.jsonPath} cannot be used: ${(cause as Error).message}`,
      expected: "the form of Hugging Face's tokenizers",
      cause,
    });
  }
}

class LibraryTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly defaultMaxTokens: number;
  readonly specialTokens: number;
  private readonly truncateLeft: boolean;
  private readonly cleanUp: boolean;
  private readonly start: readonly number[];
  private readonly end: readonly number[];

  constructor(
    files: TokenizerFiles,
    private readonly inner: LibraryTokenizerType,
  ) {
    // A plain letter shows what is put before and after every text.
    const bare = inner.encode('a', { add_special_tokens: false }).ids;
    const full = inner.encode('a').ids;
    const at = full.findIndex((_, i) => bare.length > 0 && bare.every((id, j) => full[i + j] === id));
    if (at < 0) throw new Error('the post-processor changes the tokens of the text itself');
    this.start = full.slice(0, at);
    this.end = full.slice(at + bare.length);
    this.specialTokens = this.start.length + this.end.length;
    this.vocabSize = 1 + [...inner.get_vocab().values()].reduce((most, id) => Math.max(most, id), -1);
    this.defaultMaxTokens = files.defaultMaxTokens;
    this.truncateLeft = files.truncateLeft;
    this.cleanUp = files.config.clean_up_tokenization_spaces === true;
  }

  encode(text: string, options: EncodeOptions = {}): TokenizedText {
    const room = Math.max(0, (options.maxTokens ?? this.defaultMaxTokens) - this.specialTokens);
    const ids = this.inner.encode(wellFormed((options.prefix ?? '') + text), { add_special_tokens: false }).ids;
    const truncated = ids.length > room;
    const kept = !truncated ? ids : this.truncateLeft ? ids.slice(ids.length - room) : ids.slice(0, room);
    return { ids: Int32Array.from([...this.start, ...kept, ...this.end]), truncated };
  }

  decode(ids: ArrayLike<number>): string {
    // The library turns ids beyond the vocabulary into the unknown token; the reference leaves them out.
    const known = Array.from(ids).filter((id) => this.inner.id_to_token(id) !== undefined);
    if (known.length === 0) return '';
    const text = this.inner.decode(known, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
    return this.cleanUp ? cleanUpSpaces(text) : text;
  }
}
