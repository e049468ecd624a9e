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

/** What greedy, sampling and beams share: feeding the prompt, processors, and when a sequence ends. */
export abstract class SearchBase implements Search {
  readonly rows: number;
  readonly tokens: Int32Array;
  parents: Int32Array | null = null;
  done = false;
  protected readonly options: ResolvedOptions;
  /** Where all logits come, more columns than these pad them to whole blocks: they are no tokens. */
  protected readonly vocabSize: number;
  protected readonly processors: Processors;
  protected readonly hypotheses: Rows;
  private readonly stopStrings: StopStrings | null;
  private promptFed = 1;

  constructor({ options, config, inputIds, stopStrings }: SearchSetup, rows: number) {
    this.options = options;
    this.vocabSize = config.vocabSize;
    this.rows = rows;
    this.stopStrings = stopStrings;
    this.processors = new Processors(options, config, inputIds, rows);
    this.hypotheses = new Rows(rows, options.promptIds, options.returnScores);
    this.tokens = new Int32Array(rows).fill(options.promptIds[0]);
    this.processors.prepare(this.hypotheses);
  }

  need(): Need {
    const need = this.needForChoice();
    // The prompt goes through the decoder token by token; nobody looks at what the model would have said meanwhile. It still asks for
    // the kind that the choice will need: another one would open a decoder session, with packed weights of its own, for these steps alone.
    const unseen = this.promptFed < this.options.promptLength || this.processors.forced !== null;
    return unseen && (need.kind === 'best' || need.kind === 'ranked') ? { kind: need.kind, count: 1 } : need;
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
