import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ModelConfig } from '../checkpoint/types.js';
import { type BuiltinModel, readBuiltinUri } from '../engine/builtin/builtinModels.js';
import { Faults } from '../engine/builtin/faults.js';
import { isShipped } from '../engine/builtin/shippedModel.js';
import { countWords, firstWords } from '../engine/builtin/words.js';
import { userLayer } from '../engine/search/optionLayers.js';
import { OPTION_RULES } from '../engine/search/optionRules.js';
import type { GenerationOptions } from '../engine/types.js';
import { PrecisError } from '../errors.js';
import { checkOptions, checkTexts, TEXT_RULES } from './checkOptions.js';
import type { Generated, GeneratedText, LoadedModel, LoadOptions, ScoreOptions, TextOptions } from './types.js';

/** What a model without weights can do with a generation option: only cut. */
const MEANINGFUL: readonly string[] = ['maxNewTokens', 'maxLength'];
/** Threads are handed to every model by those who run workers; these models just have no use for them. */
const HARMLESS: readonly string[] = ['threads'];
/** What the rules of options may ask of a configuration; those that do were refused before. */
const NO_VOCABULARY: Partial<ModelConfig> = { vocabSize: 0 };
const NO_IDS: readonly number[] = [];
/** Texts between two looks at the signal and at whatever else waits for this thread. */
const TURN = 10_000;

/** Of the built-in models only the trained one has weights; it is a folder, and opened as one. */
export function isWeightless(uri: string): boolean {
  return uri.startsWith('builtin:') && !isShipped(uri);
}

export function openBuiltinModel(uri: string, options: LoadOptions): LoadedModel {
  const model = readBuiltinUri(uri);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || HARMLESS.includes(name) || (name === 'precision' && value === 'auto')) continue;
    throw meaningless(model, `${name} ${JSON.stringify(value)}`);
  }
  return new ModelWithoutWeights(uri, model);
}

/** The same interface as a model with weights has; its tokens are words, and it has no token ids and no scores. */
class ModelWithoutWeights implements LoadedModel {
  readonly precision = 'none';
  private readonly faults: Faults | null;

  constructor(
    readonly uri: string,
    private readonly model: BuiltinModel,
  ) {
    this.faults = model.faults ? new Faults() : null;
  }

  async generateTexts(
    texts: readonly string[],
    options: GenerationOptions = {},
    how: TextOptions = {},
  ): Promise<Generated> {
    checkTexts(texts, 'text');
    checkOptions(how, TEXT_RULES);
    const { delayMs } = this.model;
    const mostInput = this.inputLimit(how);
    const mostOutput = outputLimit(this.model, options);
    const results = new Array<GeneratedText>(texts.length);
    for (let index = 0; index < texts.length; index++) {
      // A promise a row would cost more than the row.
      if (delayMs > 0) await setTimeout(delayMs, undefined, { signal: how.signal });
      else if (index % TURN === TURN - 1) await setImmediate();
      how.signal?.throwIfAborted();
      this.faults?.meet(texts[index], texts.length);
      const result = this.generate(texts[index], mostInput, mostOutput);
      results[index] = result;
      how.onResult?.(result);
      how.onRow?.(index + 1);
    }
    return { model: this.uri, results };
  }

  inputTokens(text: string): number {
    return countWords(text);
  }

  inputLimit(how: ScoreOptions = {}): number {
    if (how.prefix) throw meaningless(this.model, `prefix ${JSON.stringify(how.prefix)}`);
    return how.maxInputTokens ?? this.model.maxTokens;
  }

  async score(): Promise<never> {
    throw weightless(this.model, 'scores no targets');
  }

  async embed(): Promise<never> {
    throw weightless(this.model, 'embeds no texts');
  }

  async close(): Promise<void> {}

  private generate(text: string, mostInput: number, mostOutput: number): GeneratedText {
    const words = countWords(text);
    const truncated = words > mostInput;
    const whole = this.model.summarize(truncated ? firstWords(text, mostInput) : text);
    // Nobody's summary has more words than its text, so most need no second count.
    const outputWords = whole === text ? words : countWords(whole);
    const isCut = outputWords > mostOutput;
    return {
      text: isCut ? firstWords(whole, mostOutput) : whole,
      tokenIds: NO_IDS,
      inputTokens: truncated ? mostInput : words,
      outputTokens: isCut ? mostOutput : outputWords,
      truncated,
      finishReason: isCut ? 'length' : 'eos',
      score: null,
      tokenScores: null,
    };
  }
}

/** As with other models maxNewTokens wins over maxLength; there is no start token to count. */
function outputLimit(model: BuiltinModel, options: GenerationOptions): number {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || MEANINGFUL.includes(name) || !Object.hasOwn(OPTION_RULES, name)) continue;
    throw meaningless(model, `${name} ${JSON.stringify(value)}`);
  }
  userLayer(options, NO_VOCABULARY as ModelConfig);
  return options.maxNewTokens ?? options.maxLength ?? Number.POSITIVE_INFINITY;
}

function meaningless({ name }: BuiltinModel, option: string): PrecisError {
  return new PrecisError('usage', {
    found: `${option} has no meaning for ${name}, a model without weights`,
    expected: 'no such option',
    action: 'leave it out, or name a model folder',
  });
}

function weightless({ name }: BuiltinModel, found: string): PrecisError {
  return new PrecisError('model', {
    found: `${name} ${found}: it has no weights`,
    expected: 'a model folder',
  });
}
