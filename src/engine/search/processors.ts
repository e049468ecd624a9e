import type { ModelConfig } from '../../checkpoint/types.js';
import { forEachBadWord, forEachRepeatedNgram, forEachSourceNgram } from './processorsNgrams.js';
import type { ResolvedOptions } from './resolvedOptions.js';
import type { Rows } from './rows.js';
import type { Need } from './search.js';
import { sharedMarks, type TokenMarks } from './tokenMarks.js';

/** A list of candidates longer than this part of the vocabulary costs more than the whole vocabulary. */
const LARGEST_SHARE_OF_VOCABULARY = 1 / 8;

/**
 * Hugging Face's logits processors, those that ban, force or penalize tokens, as one object a search. Bans all set a score to
 * minus infinity, so their order among themselves does not matter; what does is kept as there: the penalty comes before all, a
 * forced token overrides bans, and suppressed tokens override even that.
 *
 * `prepare` works out the coming step, then `need` and `select(row)` + `score` serve it.
 */
export class Processors {
  /** The only tokens that may come next, each with score 0 (HF: all others minus infinity); null when the choice is free. */
  forced: readonly number[] | null = null;

  private readonly banned: TokenMarks;
  private readonly seen: TokenMarks;
  private readonly badTokens: readonly number[];
  private readonly badPhrases: readonly (readonly number[])[];
  private readonly beginLength: number;
  private readonly penalty: number;
  private readonly rowBans: number[][];
  private readonly rowSeen: number[][];
  private sharedBans: number[] = [];
  private touchedTokens = 0;

  constructor(
    private readonly options: ResolvedOptions,
    private readonly config: ModelConfig,
    private readonly source: Int32Array,
    rows: number,
  ) {
    ({ banned: this.banned, seen: this.seen } = sharedMarks(config.vocabSize));
    const words = options.badWordsIds;
    this.badTokens = words.filter((w) => w.length === 1 && !options.eosTokenIds.includes(w[0])).map((w) => w[0]);
    this.badPhrases = words.filter((word) => word.length > 1);
    // HF: a forced first token moves the beginning behind it, but only if nothing else stands before it.
    const forcesFirst = options.forcedBosTokenId !== null && options.promptLength === 1;
    this.beginLength = options.promptLength + (forcesFirst ? 1 : 0);
    this.penalty = Math.fround(options.repetitionPenalty);
    this.rowBans = Array.from({ length: rows }, () => []);
    this.rowSeen = Array.from({ length: rows }, () => []);
  }

  /** Whether any score of the coming step differs from the model's own. */
  get touches(): boolean {
    return this.touchedTokens > 0;
  }

  /** Whether scores change by more than being banned, so that their order may. */
  get weighs(): boolean {
    return this.penalty !== 1;
  }

  prepare(rows: Rows): void {
    this.forced = this.forcedAt(rows.length);
    this.touchedTokens = 0;
    if (this.forced) return;
    this.sharedBans = this.bansAt(rows.length);
    for (let row = 0; row < rows.count; row++) this.prepareRow(row, rows.row(row));
  }

  /** The best candidates to ask for so that `wanted` are left exact after bans and penalties, or the whole vocabulary. */
  need(wanted: number): Need {
    // A penalty below 1 raises tokens from anywhere in the vocabulary.
    if (this.penalty < 1) return { kind: 'all' };
    const count = wanted + this.touchedTokens;
    return count > this.config.vocabSize * LARGEST_SHARE_OF_VOCABULARY ? { kind: 'all' } : { kind: 'best', count };
  }

  /** Makes `allows` and `score` speak of this row. */
  select(row: number): void {
    this.banned.clear();
    this.seen.clear();
    for (const id of this.sharedBans) this.banned.add(id);
    for (const id of this.rowBans[row]) this.banned.add(id);
    for (const id of this.rowSeen[row]) this.seen.add(id);
  }

  allows(id: number): boolean {
    return !this.banned.has(id);
  }

  /** The processed score of a token: log-probability in beam search, raw logit otherwise. */
  score(id: number, score: number): number {
    if (this.banned.has(id)) return Number.NEGATIVE_INFINITY;
    if (!this.seen.has(id)) return score;
    return Math.fround(score < 0 ? score * this.penalty : score / this.penalty);
  }

  private forcedAt(length: number): readonly number[] | null {
    const { forcedBosTokenId, forcedEosTokenIds, maxLength } = this.options;
    let forced: readonly number[] | null = null;
    if (length === 1 && forcedBosTokenId !== null) forced = [forcedBosTokenId];
    if (length === maxLength - 1 && forcedEosTokenIds.length > 0) forced = forcedEosTokenIds;
    if (!forced) return null;
    const suppressed = this.suppressedAt(length);
    return suppressed.length === 0 ? forced : forced.filter((id) => !suppressed.includes(id));
  }

  private suppressedAt(length: number): readonly number[] {
    const { suppressTokens, beginSuppressTokens } = this.options;
    return length === this.beginLength ? [...suppressTokens, ...beginSuppressTokens] : suppressTokens;
  }

  private bansAt(length: number): number[] {
    const bans = [...this.suppressedAt(length), ...this.badTokens];
    if (length < this.options.minLength) bans.push(...this.options.eosTokenIds);
    return bans;
  }

  private prepareRow(row: number, tokens: Int32Array): void {
    const { noRepeatNgramSize, encoderNoRepeatNgramSize } = this.options;
    const bans = this.rowBans[row];
    const seen = this.rowSeen[row];
    bans.length = 0;
    seen.length = 0;
    this.banned.clear();
    for (const id of this.sharedBans) this.banned.add(id);
    const ban = (id: number) => {
      if (this.banned.add(id)) bans.push(id);
    };
    if (noRepeatNgramSize > 0) forEachRepeatedNgram(tokens, noRepeatNgramSize, ban);
    if (encoderNoRepeatNgramSize > 0) forEachSourceNgram(tokens, this.source, encoderNoRepeatNgramSize, ban);
    if (this.badPhrases.length > 0) forEachBadWord(tokens, this.badPhrases, ban);
    if (this.penalty !== 1) {
      this.seen.clear();
      for (const id of tokens) if (this.seen.add(id)) seen.push(id);
    }
    this.touchedTokens = Math.max(this.touchedTokens, this.sharedBans.length + bans.length + seen.length);
  }
}
