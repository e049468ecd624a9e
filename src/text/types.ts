/** A text as ids, special tokens included. */
export interface TokenizedText {
  readonly ids: Int32Array;
  /** The text was cut to fit. */
  readonly truncated: boolean;
}

export interface EncodeOptions {
  /** Put before the text, and tokenized together with it. */
  readonly prefix?: string;
  /** The most ids, prefix and special tokens included; the tokenizer's own limit by default. */
  readonly maxTokens?: number;
}

export interface Tokenizer {
  /** One more than the greatest id. */
  readonly vocabSize: number;
  readonly defaultMaxTokens: number;
  /** What follows or surrounds every text (the end token): the least `maxTokens` that makes sense. */
  readonly specialTokens: number;
  encode(text: string, options?: EncodeOptions): TokenizedText;
  /** Text without special tokens, as Hugging Face's `batch_decode(skip_special_tokens=True)`. */
  decode(ids: ArrayLike<number>): string;
}
