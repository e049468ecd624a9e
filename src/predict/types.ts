import type { EngineStats } from '../engine/stats.js';
import type { FinishReason, GenerationOptions } from '../engine/types.js';

export interface LoadOptions {
  /** `auto`: int8 where it was measured, otherwise fp32. */
  readonly precision?: 'auto' | 'fp32' | 'int8' | 'fp16';
  /** Rows that the decoder steps at once. */
  readonly batchRows?: number;
  /** Threads of one graph. */
  readonly threads?: number;
  /** Whose parameters and prefix hold (task_specific_params in config.json). */
  readonly task?: string;
  /** A folder whose tokenizer is used instead of the model's own. */
  readonly tokenizer?: string;
}

/** How texts become tokens. */
export interface ScoreOptions {
  /** Instead of the task's own prefix; an empty one switches it off. */
  readonly prefix?: string;
  /** Prefix and end token included; by default what the tokenizer says. */
  readonly maxInputTokens?: number;
}

export interface EmbedOptions extends ScoreOptions {
  /** Called after each text. */
  readonly onRow?: () => void;
  readonly signal?: AbortSignal;
}

export interface TextOptions extends ScoreOptions {
  /** Called with each result in the order of the texts, as soon as all before it are there. */
  readonly onResult?: (result: GeneratedText) => void;
  /** Called as soon as any text is done, in whatever order, with how many are. */
  readonly onRow?: (done: number) => void;
  /** Called now and then while texts are under way: a sign of life. */
  readonly onWork?: () => void;
  readonly signal?: AbortSignal;
}

export interface GeneratedText {
  readonly text: string;
  /** Without the decoder's start token, the end token included; models without weights have none. */
  readonly tokenIds: readonly number[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The text was cut to fit. */
  readonly truncated: boolean;
  readonly finishReason: FinishReason;
  /** Null unless beams were used or scores were asked for. */
  readonly score: number | null;
  /** The log-probability of each chosen token when returnScores was asked for; see GeneratedSequence. */
  readonly tokenScores: readonly number[] | null;
}

/** How likely the model finds a given target. */
export interface ScoredText {
  /** The sum of tokenScores. */
  readonly logLikelihood: number;
  /** Of the target's tokens, its end token included. */
  readonly tokenScores: readonly number[];
}

export interface Generated {
  /** The URI that the model was loaded by. */
  readonly model: string;
  /** In the order of the texts; as many a text as numReturnSequences. */
  readonly results: readonly GeneratedText[];
}

export interface LoadedModel {
  readonly uri: string;
  readonly precision: string;
  /** What the engine did so far; a model without weights has none. */
  readonly stats?: Readonly<EngineStats>;
  generateTexts(texts: readonly string[], options?: GenerationOptions, how?: TextOptions): Promise<Generated>;
  /** Scores given targets (one list a text) instead of generating. A target is tokenized without a prefix. */
  score(texts: readonly string[], targets: readonly (readonly string[])[], how?: ScoreOptions): Promise<ScoredText[][]>;
  /** The mean of the encoder's states over a text's tokens, end token included. Without a prefix unless one is given. */
  embed(texts: readonly string[], how?: EmbedOptions): Promise<Float32Array[]>;
  /** Tokens that a whole text has as the model's input: prefix and end token included, and nothing cut. */
  inputTokens(text: string, how?: ScoreOptions): number;
  /** The most input tokens that a text is cut to; Infinity if nothing limits them. */
  inputLimit(how?: ScoreOptions): number;
  close(): Promise<void>;
}
