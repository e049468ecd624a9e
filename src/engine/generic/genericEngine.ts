import type { GenerationDefaults, ModelConfig } from '../../checkpoint/types.js';
import { PrecisError } from '../../errors.js';
import { chooseTask } from '../../text/prompt.js';
import { openTokenizer } from '../../text/tokenizer.js';
import type { Tokenizer } from '../../text/types.js';
import type { EmbedHooks, Engine, GenerateHooks } from '../engine.js';
import { refuseEmpty } from '../generation.js';
import { createSearch } from '../search/createSearch.js';
import { logSumExp } from '../search/logSumExp.js';
import { resolveOptions } from '../search/options.js';
import type { ResolvedOptions } from '../search/resolvedOptions.js';
import type { Search } from '../search/search.js';
import { newStats } from '../stats.js';
import type { EncodedInput, GenerationOptions, RowResult, TargetScore } from '../types.js';
import { chooseVariant, type GenericModel, readGenericModel } from './genericFolder.js';
import { type DocumentState, Seq2SeqModel } from './seq2seqModel.js';

export interface GenericOptions {
  readonly precision?: 'auto' | 'fp32' | 'int8' | 'fp16';
  readonly threads?: number;
  readonly task?: string;
  /** A folder with another tokenizer than the model's own. */
  readonly tokenizer?: string;
  readonly batchRows?: number;
}

export interface OpenedGeneric {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly precision: string;
  readonly taskSpecificParams: GenerationDefaults['taskSpecificParams'];
}

/** Opens a folder with an ONNX export in the Hugging Face layout. */
export async function openGenericEngine(dir: string, options: GenericOptions = {}): Promise<OpenedGeneric> {
  if (options.batchRows !== undefined) {
    throw new PrecisError('engine', {
      found: `batchRows is ${options.batchRows}, but ${dir} is run by transformers.js, one document at a time`,
      expected: 'no batchRows for this model',
    });
  }
  const model = readGenericModel(dir);
  const { tokens, defaults, maxPositions } = model;
  const task = chooseTask(defaults.taskSpecificParams, options.task);
  const tokenizer = openTokenizer(options.tokenizer ?? dir, { vocabSize: tokens.vocabSize, maxPositions });
  const variant = chooseVariant(dir, options.precision ?? 'auto');
  const graphs = await Seq2SeqModel.open(dir, variant, options.threads ?? 1);
  const engine = new GenericEngine(model, graphs, tokenizer, task);
  return { engine, tokenizer, precision: variant.precision, taskSpecificParams: defaults.taskSpecificParams };
}

/**
 * transformers.js runs the graphs; our own searches choose the tokens, because its own generation ignores beams and seeds and goes on after the
 * end token. One document at a time, so that nothing is padded and a result depends on nothing beside it.
 */
class GenericEngine implements Engine {
  readonly stats = newStats();

  constructor(
    private readonly model: GenericModel,
    private readonly graphs: Seq2SeqModel,
    private readonly tokenizer: Tokenizer,
    private readonly task: string | undefined,
  ) {}

  async generate(
    inputs: readonly EncodedInput[],
    options: GenerationOptions = {},
    hooks: GenerateHooks = {},
  ): Promise<RowResult[]> {
    const { tokens, defaults } = this.model;
    // They are typed for T5 configurations, but ask for nothing beyond these.
    const config = tokens as ModelConfig;
    const resolved = resolveOptions(options, defaults, config, this.task);
    refuseEmpty(inputs);
    this.refuseBeyondPositions(inputs, resolved);
    const results: RowResult[] = [];
    for (const [index, input] of inputs.entries()) {
      hooks.signal?.throwIfAborted();
      const search = createSearch(resolved, config, input, (ids) => this.tokenizer.decode(ids));
      await this.run(search, input, hooks);
      const sequences = search.results();
      const result = { index, inputTokens: input.ids.length, truncated: input.truncated, sequences };
      this.stats.documents++;
      this.stats.inputTokens += input.ids.length;
      for (const { tokenIds } of sequences) this.stats.outputTokens += tokenIds.length;
      results.push(result);
      hooks.onResult?.(result);
    }
    return results;
  }

  async score(inputs: readonly EncodedInput[], targets: readonly (readonly Int32Array[])[]): Promise<TargetScore[][]> {
    refuseEmpty(inputs);
    refuseBadTargets(inputs, targets, this.model.tokens.vocabSize);
    const scores: TargetScore[][] = [];
    for (const [index, { ids }] of inputs.entries()) {
      const encoded = await this.graphs.encode(ids, 1);
      const ofInput: TargetScore[] = [];
      for (const target of targets[index]) ofInput.push(await this.scoreTarget({ ...encoded, past: null }, target));
      scores.push(ofInput);
    }
    return scores;
  }

  async embed(inputs: readonly EncodedInput[], hooks: EmbedHooks = {}): Promise<Float32Array[]> {
    refuseEmpty(inputs);
    this.refuseLongInputs(inputs);
    const embeddings: Float32Array[] = [];
    for (const { ids } of inputs) {
      hooks.signal?.throwIfAborted();
      const begin = performance.now();
      embeddings.push(await this.graphs.meanState(ids));
      this.stats.encodeMs += performance.now() - begin;
      this.stats.documents++;
      this.stats.inputTokens += ids.length;
      hooks.onResult?.();
    }
    return embeddings;
  }

  async close(): Promise<void> {
    await this.graphs.close();
  }

  /** Token by token, as in generation: slow, but there is no other graph. */
  private async scoreTarget(state: DocumentState, target: Int32Array): Promise<TargetScore> {
    const tokenScores = new Float32Array(target.length);
    let token = this.model.tokens.decoderStartTokenId;
    for (const [place, next] of target.entries()) {
      const logits = await this.graphs.decode(state, Int32Array.of(token));
      tokenScores[place] = logits[next] - logSumExp(logits);
      token = next;
    }
    return { tokenScores, score: tokenScores.reduce((sum, value) => sum + value, 0) };
  }

  private async run(search: Search, input: EncodedInput, { onWork, signal }: GenerateHooks): Promise<void> {
    const { stats } = this;
    const begin = performance.now();
    const state = await this.graphs.encode(input.ids, search.rows);
    stats.encodeMs += performance.now() - begin;
    onWork?.();
    while (!search.done) {
      signal?.throwIfAborted();
      await this.step(search, state);
      onWork?.();
    }
  }

  private async step(search: Search, state: DocumentState): Promise<void> {
    const { stats } = this;
    const begin = performance.now();
    const logits = await this.graphs.decode(state, search.tokens);
    const decoded = performance.now();
    const stride = logits.length / search.rows;
    const sums = new Float32Array(search.rows);
    const looksAtSums = search.need().kind === 'best' || search.need().kind === 'all';
    for (let row = 0; looksAtSums && row < search.rows; row++) {
      sums[row] = logSumExp(logits.subarray(row * stride, (row + 1) * stride));
    }
    // Every search can choose from all logits, whatever less it would be content with.
    search.advance({ stride, ids: null, logits, logSumExp: sums });
    const selected = performance.now();
    if (search.parents && !search.done) this.graphs.reorder(state, search.parents);
    stats.decoderSteps++;
    stats.decoderRows += search.rows;
    stats.decodeMs += decoded - begin;
    stats.selectMs += selected - decoded;
    stats.copyMs += performance.now() - selected;
  }

  /** Beyond its positions the graph would read past a table: some runtimes answer with nonsense. */
  private refuseBeyondPositions(inputs: readonly EncodedInput[], { maxLength }: ResolvedOptions): void {
    const { maxPositions } = this.model;
    this.refuseLongInputs(inputs);
    if (maxPositions !== null && maxLength > maxPositions) {
      throw new PrecisError('generation', {
        found: `outputs may have ${maxLength} tokens`,
        expected: `at most ${maxPositions}, the positions of this model`,
        action: 'lower maxNewTokens or maxLength',
      });
    }
  }

  private refuseLongInputs(inputs: readonly EncodedInput[]): void {
    const { maxPositions } = this.model;
    if (maxPositions === null) return;
    const tooLong = inputs.findIndex(({ ids }) => ids.length > maxPositions);
    if (tooLong < 0) return;
    throw new PrecisError('input', {
      found: `text ${tooLong} has ${inputs[tooLong].ids.length} tokens`,
      expected: `at most ${maxPositions}, the positions of this model`,
      action: 'lower maxInputTokens',
    });
  }
}

function refuseBadTargets(
  inputs: readonly EncodedInput[],
  targets: readonly (readonly Int32Array[])[],
  vocabSize: number,
): void {
  const isRight = (target: Int32Array) => target.length > 0 && target.every((id) => id >= 0 && id < vocabSize);
  const wrong = targets.findIndex((list) => list.length === 0 || !list.every(isRight));
  if (inputs.length === targets.length && wrong < 0) return;
  throw new PrecisError('input', {
    found:
      wrong < 0 ? `${inputs.length} inputs and ${targets.length} lists of targets` : `bad targets of input ${wrong}`,
    expected: `a list of targets for each input, each with token ids below ${vocabSize}`,
  });
}
