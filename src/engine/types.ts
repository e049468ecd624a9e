/** Options of generation, checked at the door (`resolveOptions`); every one works or is refused by name. */
export interface GenerationOptions {
  numBeams?: number;
  maxNewTokens?: number;
  minNewTokens?: number;
  maxLength?: number;
  minLength?: number;
  lengthPenalty?: number;
  earlyStopping?: boolean | 'never';
  noRepeatNgramSize?: number;
  /** No n-gram of the document may be copied. */
  encoderNoRepeatNgramSize?: number;
  repetitionPenalty?: number;
  doSample?: boolean;
  temperature?: number;
  /** 0: no limit. HF's default of 50 holds when nothing is said. */
  topK?: number;
  topP?: number;
  minP?: number;
  seed?: number;
  numReturnSequences?: number;
  forcedBosTokenId?: number;
  forcedEosTokenId?: number | readonly number[];
  suppressTokens?: readonly number[];
  beginSuppressTokens?: readonly number[];
  badWordsIds?: readonly (readonly number[])[];
  stopStrings?: readonly string[];
  /** Token ids that every output starts with, after the decoder's start token. */
  decoderPrefixIds?: readonly number[];
  /** Per-token scores of the chosen tokens and the sequence's score. */
  returnScores?: boolean;
}

export type FinishReason = 'eos' | 'length' | 'stop';

/** One generated sequence, as ids: without the decoder's start token, the end token included. */
export interface GeneratedSequence {
  readonly tokenIds: Int32Array;
  readonly finishReason: FinishReason;
  /** Beam search: the hypothesis' score (sum of log-probabilities / length^penalty). Otherwise null unless scores were asked for: then the sum. */
  readonly score: number | null;
  /** The processed log-probability (beams, sampling) or log-softmax of the processed logits (greedy) of each chosen token, when asked for; a forced prefix was not chosen and has none. */
  readonly tokenScores: Float32Array | null;
}

/** One row of input, already tokenized, the end token included. */
export interface EncodedInput {
  readonly ids: Int32Array;
  /** The document was cut to fit. */
  readonly truncated: boolean;
}

/** What comes back for one input, in input order; `sequences` has numReturnSequences entries. */
export interface RowResult {
  readonly index: number;
  readonly inputTokens: number;
  readonly truncated: boolean;
  readonly sequences: readonly GeneratedSequence[];
}

/** How likely a model finds a given target for an input. */
export interface TargetScore {
  /** The log-probability of each of the target's tokens, given the input and the tokens before it. */
  readonly tokenScores: Float32Array;
  /** Their sum: the target's log-likelihood. */
  readonly score: number;
}
