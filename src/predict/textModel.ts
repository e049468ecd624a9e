import type { EngineStats } from '../engine/stats.js';
import type { GenerationOptions, RowResult } from '../engine/types.js';
import { PrecisError } from '../errors.js';
import { taskPrefix } from '../text/prompt.js';
import type { TokenizedText, Tokenizer } from '../text/types.js';
import { checkOptions, checkTexts, EMBED_RULES, SCORE_RULES, TEXT_RULES } from './checkOptions.js';
import type { ModelParts } from './parts.js';
import type {
  EmbedOptions,
  Generated,
  GeneratedText,
  LoadedModel,
  ScoredText,
  ScoreOptions,
  TextOptions,
} from './types.js';

/** A model whose texts become tokens first, whatever engine runs it. */
export class TextModel implements LoadedModel {
  readonly precision: string;

  constructor(
    readonly uri: string,
    private readonly task: string,
    private readonly parts: ModelParts,
  ) {
    this.precision = parts.precision;
  }

  get stats(): Readonly<EngineStats> {
    return this.parts.engine.stats;
  }

  async generateTexts(
    texts: readonly string[],
    options: GenerationOptions = {},
    how: TextOptions = {},
  ): Promise<Generated> {
    checkTexts(texts, 'text');
    checkOptions(how, TEXT_RULES);
    const { engine } = this.parts;
    const inputs = this.encode(texts, how);

    const perText = new Array<GeneratedText[] | undefined>(texts.length);
    let next = 0;
    let done = 0;
    const onResult = (row: RowResult) => {
      how.onRow?.(++done);
      perText[row.index] = this.toTexts(row);
      for (; perText[next] !== undefined; next++) for (const result of perText[next]!) how.onResult?.(result);
    };
    await engine.generate(inputs, options, { onResult, onWork: how.onWork, signal: how.signal });
    return { model: this.uri, results: perText.flatMap((results) => results!) };
  }

  async score(
    texts: readonly string[],
    targets: readonly (readonly string[])[],
    how: ScoreOptions = {},
  ): Promise<ScoredText[][]> {
    checkTexts(texts, 'text');
    checkOptions(how, SCORE_RULES);
    for (const list of targets) checkTexts(list, 'target');
    const ids = targets.map((list) => list.map((target) => this.encodeTarget(target)));
    const scores = await this.parts.engine.score(this.encode(texts, how), ids);
    return scores.map((list) =>
      list.map(({ score, tokenScores }) => ({ logLikelihood: score, tokenScores: [...tokenScores] })),
    );
  }

  async embed(texts: readonly string[], how: EmbedOptions = {}): Promise<Float32Array[]> {
    checkTexts(texts, 'text');
    checkOptions(how, EMBED_RULES);
    const inputs = this.encode(texts, { ...how, prefix: how.prefix ?? '' });
    return await this.parts.engine.embed(inputs, { onResult: how.onRow, signal: how.signal });
  }

  inputTokens(text: string, how: ScoreOptions = {}): number {
    const { tokenizer, taskSpecificParams } = this.parts;
    const prefix = taskPrefix(taskSpecificParams, this.task, how.prefix);
    return tokenizer.encode(text, { prefix, maxTokens: Number.MAX_SAFE_INTEGER }).ids.length;
  }

  inputLimit(how: ScoreOptions = {}): number {
    return inputLimit(this.parts.tokenizer, how.maxInputTokens);
  }

  private encode(texts: readonly string[], how: ScoreOptions): TokenizedText[] {
    const { engine, tokenizer, taskSpecificParams } = this.parts;
    const prefix = taskPrefix(taskSpecificParams, this.task, how.prefix);
    const maxTokens = this.inputLimit(how);
    const begin = performance.now();
    const inputs = texts.map((text) => tokenizer.encode(text, { prefix, maxTokens }));
    engine.stats.tokenizeMs += performance.now() - begin;
    return inputs;
  }

  /** A target that was cut would be scored as another text. */
  private encodeTarget(target: string): Int32Array {
    const { tokenizer } = this.parts;
    const { ids, truncated } = tokenizer.encode(target);
    if (!truncated) return ids;
    throw new PrecisError('input', {
      found: `target ${JSON.stringify(`${target.slice(0, 40)}...`)} is too long`,
      expected: `at most ${tokenizer.defaultMaxTokens} tokens`,
    });
  }

  async close(): Promise<void> {
    await this.parts.engine.close();
  }

  private toTexts(row: RowResult): GeneratedText[] {
    return row.sequences.map((sequence) => ({
      text: this.parts.tokenizer.decode(sequence.tokenIds),
      tokenIds: [...sequence.tokenIds],
      inputTokens: row.inputTokens,
      outputTokens: sequence.tokenIds.length,
      truncated: row.truncated,
      finishReason: sequence.finishReason,
      score: sequence.score,
      tokenScores: sequence.tokenScores && [...sequence.tokenScores],
    }));
  }
}

function inputLimit(tokenizer: Tokenizer, asked: number | undefined): number {
  if (asked === undefined) return tokenizer.defaultMaxTokens;
  const least = Math.max(1, tokenizer.specialTokens);
  if (Number.isSafeInteger(asked) && asked >= least) return asked;
  throw new PrecisError('generation', {
    found: `maxInputTokens is ${asked}`,
    expected: `a whole number of at least ${least}`,
  });
}
