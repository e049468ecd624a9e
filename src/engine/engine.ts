import type { GenerationDefaults } from '../checkpoint/types.js';
import { Caches } from './caches.js';
import { ConvertedModel } from './convertedModel.js';
import { Encoder } from './encoder.js';
import { Generation, refuseEmpty } from './generation.js';
import { refuseTooLong } from './relativeBias.js';
import { Scoring } from './scoring.js';
import { createSearch } from './search/createSearch.js';
import { resolveOptions } from './search/options.js';
import { type EngineStats, newStats } from './stats.js';
import type { EncodedInput, GenerationOptions, RowResult, TargetScore } from './types.js';

export interface EngineSettings {
  /** The checkpoint's generation settings, below the user's and above the built-in ones. */
  readonly defaults: GenerationDefaults;
  readonly task?: string;
  /** Rows the decoder steps at once; a beam is a row. */
  readonly batchRows?: number;
  readonly threads?: number;
  /** False: a batch ends with its last row, and only then the next one begins. For benchmarks that show what refilling gains. */
  readonly refill?: boolean;
  /** Text of token ids, for stop strings. */
  readonly decode?: (ids: Int32Array) => string;
}

export interface GenerateHooks {
  /** Called as soon as a document is done, in the order in which they finish. */
  readonly onResult?: (result: RowResult) => void;
  /** Called after each run of a graph: a sign of life while documents are long under way. */
  readonly onWork?: () => void;
  readonly signal?: AbortSignal;
}

export interface EmbedHooks {
  /** Called after each input. */
  readonly onResult?: () => void;
  readonly signal?: AbortSignal;
}

/** What every engine offers, whatever runs the model. */
export interface Engine {
  readonly stats: EngineStats;
  /** Results in the order of the inputs. */
  generate(inputs: readonly EncodedInput[], options?: GenerationOptions, hooks?: GenerateHooks): Promise<RowResult[]>;
  /** How likely each of an input's target sequences (token ids, the end token included) is, in one pass a document; no search. */
  score(inputs: readonly EncodedInput[], targets: readonly (readonly Int32Array[])[]): Promise<TargetScore[][]>;
  /** The mean of each input's encoder states, end token included, in the order of the inputs. */
  embed(inputs: readonly EncodedInput[], hooks?: EmbedHooks): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Rows of greedy decoding at once, and of beams. 32 to 64, and 64 to 192 of beams, were alike for T5-small. */
const GREEDY_ROWS = 48;
const BEAM_ROWS = 64;

/** Runs converted T5-family models. Calls block their thread while the graphs run, and are served one after the other. */
export class NativeEngine implements Engine {
  readonly stats: EngineStats = newStats();
  private readonly encoder: Encoder;
  private readonly caches: Caches;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly model: ConvertedModel,
    private readonly settings: EngineSettings,
  ) {
    this.encoder = new Encoder(model);
    this.caches = new Caches(model);
  }

  static async open(convertedDir: string, settings: EngineSettings): Promise<NativeEngine> {
    return new NativeEngine(await ConvertedModel.open(convertedDir, settings.threads ?? 1), settings);
  }

  generate(
    inputs: readonly EncodedInput[],
    options: GenerationOptions = {},
    hooks: GenerateHooks = {},
  ): Promise<RowResult[]> {
    return this.inTurn(() => this.generateNow(inputs, options, hooks));
  }

  private async generateNow(
    inputs: readonly EncodedInput[],
    options: GenerationOptions,
    hooks: GenerateHooks,
  ): Promise<RowResult[]> {
    const { defaults, task, decode, batchRows, refill = true } = this.settings;
    const { config } = this.model;
    const resolved = resolveOptions(options, defaults, config, task);
    refuseEmpty(inputs);
    if (inputs.length === 0) return [];
    const rows = Math.max(resolved.numBeams, resolved.numReturnSequences);
    const documents = Math.max(1, Math.floor((batchRows ?? (rows === 1 ? GREEDY_ROWS : BEAM_ROWS)) / rows));
    const results = new Array<RowResult>(inputs.length);
    const generation = new Generation(
      this.model,
      this.encoder,
      this.caches,
      {
        inputs,
        rows,
        maxTime: resolved.maxLength,
        documents: Math.min(documents, inputs.length),
        refill,
        newSearch: (input) => createSearch(resolved, config, input, decode),
        onResult: (result) => {
          results[result.index] = result;
          hooks.onResult?.(result);
        },
        onWork: hooks.onWork,
        signal: hooks.signal,
      },
      this.stats,
    );
    try {
      while (await generation.step());
    } catch (error) {
      this.caches.forget();
      throw error;
    }
    return results;
  }

  score(inputs: readonly EncodedInput[], targets: readonly (readonly Int32Array[])[]): Promise<TargetScore[][]> {
    return this.inTurn(() => this.scoreNow(inputs, targets));
  }

  private async scoreNow(
    inputs: readonly EncodedInput[],
    targets: readonly (readonly Int32Array[])[],
  ): Promise<TargetScore[][]> {
    const scoring = new Scoring(this.model, this.encoder, inputs, targets, this.stats);
    const scores: TargetScore[][] = [];
    for (let index = 0; index < inputs.length; index++) scores.push(await scoring.document(index));
    return scores;
  }

  embed(inputs: readonly EncodedInput[], hooks: EmbedHooks = {}): Promise<Float32Array[]> {
    return this.inTurn(() => this.embedNow(inputs, hooks));
  }

  private async embedNow(inputs: readonly EncodedInput[], hooks: EmbedHooks): Promise<Float32Array[]> {
    refuseEmpty(inputs);
    refuseTooLong(inputs, this.model.manifest.encoderBias);
    const embeddings: Float32Array[] = [];
    for (const { ids } of inputs) {
      hooks.signal?.throwIfAborted();
      const begin = performance.now();
      embeddings.push(await this.encoder.embed(ids));
      this.stats.encodeMs += performance.now() - begin;
      this.stats.documents += 1;
      this.stats.inputTokens += ids.length;
      hooks.onResult?.();
    }
    return embeddings;
  }

  close(): Promise<void> {
    return this.inTurn(() => this.model.close());
  }

  /** Calls share the caches and the sessions, so one waits for the other. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }
}
