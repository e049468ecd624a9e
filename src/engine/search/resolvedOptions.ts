/** Generation options after defaults and checks: complete, consistent, frozen. Lengths count the decoder's start token. */
export interface ResolvedOptions {
  readonly numBeams: number;
  readonly doSample: boolean;
  readonly numReturnSequences: number;
  /** The decoder's start token and `decoderPrefixIds`: what is given before anything is chosen. */
  readonly promptIds: readonly number[];
  readonly promptLength: number;
  /** Tokens of a finished sequence at most, the prompt included (HF's max_length once max_new_tokens was resolved). */
  readonly maxLength: number;
  /** No end token while a sequence is shorter than this, the prompt included. */
  readonly minLength: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | 'never';
  readonly noRepeatNgramSize: number;
  readonly encoderNoRepeatNgramSize: number;
  readonly repetitionPenalty: number;
  readonly temperature: number;
  /** 0: no limit. */
  readonly topK: number;
  readonly topP: number;
  /** 0: off. */
  readonly minP: number;
  readonly seed: number;
  readonly forcedBosTokenId: number | null;
  readonly forcedEosTokenIds: readonly number[];
  readonly suppressTokens: readonly number[];
  readonly beginSuppressTokens: readonly number[];
  readonly badWordsIds: readonly (readonly number[])[];
  readonly stopStrings: readonly string[];
  readonly eosTokenIds: readonly number[];
  readonly padTokenId: number;
  readonly returnScores: boolean;
}
