import type { ModelConfig } from '../../checkpoint/types.js';
import { PrecisError } from '../../errors.js';
import type { FinishReason, GeneratedSequence } from '../types.js';
import { Processors } from './processors.js';
import type { ResolvedOptions } from './resolvedOptions.js';
import { Rows } from './rows.js';
import type { Candidates, Need, Search } from './search.js';
import type { StopStrings } from './stopStrings.js';

/** What every search is made from. */
export interface SearchSetup {
  readonly options: ResolvedOptions;
  readonly config: ModelConfig;
  readonly inputIds: Int32Array;
  readonly stopStrings: StopStrings | null;
}

const ARGMAX: Need = { kind: 'argmax' };

/** What greedy, sampling and beams share: feeding the prompt, processors, and when a sequence ends. */
export abstract class SearchBase implements Search {
  readonly rows: number;
  readonly tokens: Int32Array;
  parents: Int32Array | null = null;
  done = false;
  protected readonly options: ResolvedOptions;
  protected readonly processors: Processors;
  protected readonly hypotheses: Rows;
  private readonly stopStrings: StopStrings | null;
  private promptFed = 1;

  constructor({ options, config, inputIds, stopStrings }: SearchSetup, rows: number) {
    this.options = options;
    this.rows = rows;
    this.stopStrings = stopStrings;
    this.processors = new Processors(options, config, inputIds, rows);
    this.hypotheses = new Rows(rows, options.promptIds, options.returnScores);
    this.tokens = new Int32Array(rows).fill(options.promptIds[0]);
    this.processors.prepare(this.hypotheses);
  }

  need(): Need {
    // The prompt goes through the decoder token by token; nobody looks at what the model would have said meanwhile.
    if (this.promptFed < this.options.promptLength || this.processors.forced) return ARGMAX;
    return this.needForChoice();
  }

  advance(candidates: Candidates): void {
    if (this.promptFed < this.options.promptLength) {
      this.tokens.fill(this.options.promptIds[this.promptFed++]);
      return;
    }
    this.choose(candidates);
    if (!this.done) this.processors.prepare(this.hypotheses);
  }

  abstract results(): GeneratedSequence[];
  protected abstract needForChoice(): Need;
  /** Picks each row's next token, appends it, and sets `tokens`, `parents` and `done`. */
  protected abstract choose(candidates: Candidates): void;

  /** Why a row ends with its next token, or null if it goes on. Asked before the token is appended. */
  protected finishReason(row: number, id: number): FinishReason | null {
    if (this.options.eosTokenIds.includes(id)) return 'eos';
    if (this.stopStrings) {
      const tokens = this.hypotheses.row(row);
      const extended = new Int32Array(tokens.length + 1);
      extended.set(tokens);
      extended[tokens.length] = id;
      if (this.stopStrings.endsWithOne(extended)) return 'stop';
    }
    return this.hypotheses.length + 1 >= this.options.maxLength ? 'length' : null;
  }

  protected nothingLeft(): PrecisError {
    return new PrecisError('generation', {
      found: `no token can follow after ${this.hypotheses.length} tokens: each is banned or its logit is not a number`,
      expected: 'at least one candidate',
      action: 'loosen suppressTokens, badWordsIds or noRepeatNgramSize, or use a wider precision',
    });
  }
}
