import type { Utf8, Vector } from 'apache-arrow';
import type { PartitionAnswer, PoolEvent } from '../../pool/types.js';
import type { RowFailure, UdfStats } from '../udfTypes.js';
import type { Answers, Piece } from './answers.js';
import type { Plan } from './textNumbering.js';

/** Of failures that do not fail the call, so many are named. */
const MOST_FAILURES = 50;
const PROGRESS_MS = 100;

/** Keeps a function's figures while its passes run. */
export class UdfCounter {
  readonly stats: UdfStats;
  private passes = 0;
  private secondsBefore = 0;
  private began = 0;
  private told = 0;

  constructor(
    precision: string,
    private readonly onProgress: ((stats: UdfStats) => void) | undefined,
  ) {
    const counts = {
      rows: 0,
      texts: 0,
      nulls: 0,
      duplicates: 0,
      inputTokens: 0,
      outputTokens: 0,
      truncated: 0,
      failed: 0,
      chunks: 0,
    };
    this.stats = { ...counts, failures: [], seconds: 0, retries: [], hostPeakBytes: null, workers: 0, precision };
  }

  begin(): void {
    if (this.passes++ === 0) this.began = performance.now();
  }

  end(hostPeakBytes: number | null): void {
    this.tick();
    if (--this.passes === 0) this.secondsBefore = this.stats.seconds;
    if (hostPeakBytes !== null) this.stats.hostPeakBytes = Math.max(hostPeakBytes, this.stats.hostPeakBytes ?? 0);
    this.onProgress?.(this.stats);
  }

  event(event: PoolEvent): void {
    const { stats } = this;
    if (event.kind === 'retry') {
      stats.retries.push(`partition ${event.partition}, attempt ${event.attempt}: ${event.cause}`);
    } else if (event.kind === 'progress') {
      // What a worker that died had done is taken back there, and done again.
      stats.texts = Math.max(stats.texts, event.rows);
      this.tell();
    }
  }

  answered({ counts = {} }: PartitionAnswer): void {
    this.stats.inputTokens += counts.input_tokens ?? 0;
    this.stats.outputTokens += counts.output_tokens ?? 0;
    this.stats.chunks += counts.chunks ?? 0;
  }

  /** A slice of the table is complete; `row` is the number of its first row, from 0. Its first failure, if there is one. */
  joined(plan: Plan, answers: Answers, row: number): RowFailure | null {
    const { stats } = this;
    stats.rows += plan.numbers.length;
    stats.nulls += plan.nulls;
    stats.duplicates += plan.numbers.length - plan.nulls - plan.fresh;
    const failures = this.marks(plan, answers, row);
    stats.failed += failures.length;
    stats.failures.push(...failures.slice(0, MOST_FAILURES - stats.failures.length));
    this.tell();
    return failures[0] ?? null;
  }

  /** Rows of a function that is not over texts, with the reasons of those that failed. */
  passed(errors: Vector<Utf8>): void {
    const { stats } = this;
    const failures = Array.from(errors, (reason, i) => ({ row: stats.rows + i + 1, reason })).filter(isFailure);
    stats.rows += errors.length;
    stats.failed += failures.length;
    stats.failures.push(...failures.slice(0, MOST_FAILURES - stats.failures.length));
    this.tell();
  }

  /** Counts the rows that were cut and lists those that failed. Most answers have neither, and their rows are not looked at. */
  private marks({ numbers, last }: Plan, answers: Answers, row: number): RowFailure[] {
    const failures: RowFailure[] = [];
    if (last < answers.firstMarked) return failures;
    let piece: Piece | null = null;
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] === -1) continue;
      piece = answers.pieceOf(numbers[i], piece);
      const at = numbers[i] - piece.first;
      if (piece.truncated?.get(at)) this.stats.truncated++;
      const reason: string | null = piece.errors?.get(at) ?? null;
      if (reason !== null) failures.push({ row: row + i + 1, reason });
    }
    return failures;
  }

  private tell(): void {
    this.tick();
    const now = performance.now();
    if (!this.onProgress || now - this.told < PROGRESS_MS) return;
    this.told = now;
    this.onProgress(this.stats);
  }

  private tick(): void {
    this.stats.seconds = this.secondsBefore + (performance.now() - this.began) / 1000;
  }
}

function isFailure(row: { readonly row: number; readonly reason: string | null }): row is RowFailure {
  return row.reason !== null;
}
