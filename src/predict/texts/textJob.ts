import { type DataType, type RecordBatch, Vector } from 'apache-arrow';
import type { MapOptions, Pool } from '../../pool/types.js';
import type { ComputedColumn } from '../../table/types.js';
import type { TextInput } from '../columns.js';
import { Answers } from './answers.js';
import { Bell } from './bell.js';
import { joinAnswers } from './join.js';
import { lastParts } from './lastParts.js';
import { KEEP_OTHERS, rowError } from './rowReason.js';
import { Slices } from './slices.js';
import type { PartitionSize } from './textBlock.js';
import { type Plan, TextNumbering } from './textNumbering.js';
import type { UdfCounter } from './udfCounter.js';

export interface JobSetting {
  readonly pool: Pool;
  readonly input: TextInput;
  readonly type: DataType;
  readonly size: PartitionSize;
  readonly dedupe: boolean;
  /** Whether a row that failed fails the pass. */
  readonly failing: boolean;
  readonly counter: UdfCounter;
  readonly signal: AbortSignal;
  readonly onGivenUp?: MapOptions['onGivenUp'];
}

/** A slice of the table whose texts are on their way. */
interface Waiting {
  readonly batch: RecordBatch;
  readonly plan: Plan;
  /** The number of its first row in the table, from 0. */
  readonly row: number;
}

/** Bytes of texts and answers that are kept for texts that come again. */
const REMEMBERED_BYTES = 32 << 20;

/** Slices that may wait for their texts: each takes some kilobytes of its own, however few its rows are. */
const MOST_WAITING = 4096;

/** How long workers may rest while a partition waits to be filled up by a slow source. */
const LINGER_MS = 20;

/**
 * One pass of a function over a table. Two loops meet in `waiting`: the pool pulls partitions, for which slices are read and numbered, and its answers
 * are stored; the reader of the pass takes slices from the front as soon as all of their texts are answered. What is read ahead of the reader is
 * bounded by rows, by texts and by their bytes.
 */
export class TextJob {
  private readonly texts: TextNumbering;
  private readonly answers = new Answers();
  private readonly slices: Slices;
  private readonly waiting: Waiting[] = [];
  private readonly bell = new Bell();
  private readonly window: Held;
  private readonly held: Held = { rows: 0, texts: 0, bytes: 0 };
  private rowsRead = 0;
  /** Partitions that were sent and not answered, by the numbers of their first texts. */
  private readonly sent: number[] = [];
  private flushing = false;
  /** Of the texts that are left when the source has ended. */
  private parts: number[] = [];

  constructor(
    batches: AsyncIterable<RecordBatch>,
    private readonly setting: JobSetting,
  ) {
    const { size, pool, dedupe } = setting;
    this.texts = new TextNumbering(size, dedupe);
    this.slices = new Slices(batches, size.rows);
    // What the workers have, what lies ready for them, and as much again for those that are faster than the one that all wait for.
    const partitions = 4 * pool.workers + 2;
    this.window = { rows: 8 * partitions * size.rows, texts: partitions * size.rows, bytes: partitions * size.bytes };
  }

  async *columns(): AsyncIterable<ComputedColumn> {
    const { signal } = this.setting;
    const ring = () => this.bell.ring();
    signal.addEventListener('abort', ring);
    let failed = false;
    const computing = this.compute();
    computing.catch(() => {
      failed = true;
      ring();
    });
    try {
      for (;;) {
        while (this.isComplete()) yield this.takeFirst();
        if (failed) await computing;
        signal.throwIfAborted();
        if (this.slices.ended && this.waiting.length === 0) break;
        await this.bell.rung();
      }
      await computing;
    } finally {
      signal.removeEventListener('abort', ring);
      await this.slices.close();
    }
  }

  private async compute(): Promise<void> {
    const { pool, signal, counter, onGivenUp } = this.setting;
    for await (const answer of pool.map(this.partitions(), { signal, onGivenUp })) {
      this.answers.add(this.sent.shift()!, answer.batch);
      counter.answered(answer);
      this.forget();
      this.bell.ring();
    }
    // The source may have ended without a text to send.
    this.bell.ring();
  }

  private async *partitions(): AsyncIterable<RecordBatch> {
    while (!this.setting.signal.aborted) {
      const rows = this.sendable();
      if (rows > 0) {
        const { first, batch } = this.texts.take(rows);
        this.sent.push(first);
        yield batch;
      } else if (this.slices.ended) {
        return;
      } else {
        await this.readOn();
      }
    }
  }

  /** How many texts the next partition may have. While there is more to read, a partition a worker is kept back, for `lastParts` to deal out. */
  private sendable(): number {
    const { size, pool } = this.setting;
    const { unsentRows, fullBlocks } = this.texts;
    if (this.slices.ended) {
      if (this.parts.length === 0) this.parts = lastParts(unsentRows, pool.workers, size.rows);
      return this.parts.shift() ?? 0;
    }
    if (this.flushing || fullBlocks > pool.workers) {
      this.flushing = false;
      return Math.min(unsentRows, size.rows);
    }
    return 0;
  }

  /** Reads one more slice, or waits until that makes sense. A worker at rest gets what there is rather than wait for more. */
  private async readOn(): Promise<void> {
    const resting = this.sent.length < this.setting.pool.workers && this.texts.unsentRows > 0;
    if (!this.hasRoom()) {
      if (resting) this.flushing = true;
      else await this.bell.rung();
      return;
    }
    if (!this.slices.available) {
      const lingered = await this.lingered(resting);
      if (lingered) this.flushing = true;
      if (!this.slices.available) return;
    }
    this.add(this.slices.take());
  }

  /** Waits for a slice or a change; true if neither came before a resting worker should rather have what there is. */
  private async lingered(resting: boolean): Promise<boolean> {
    const arrived = Promise.race([this.slices.arrived(), this.bell.rung()]).then(() => false);
    if (!resting) return await arrived;
    let timer: NodeJS.Timeout | undefined;
    const lingered = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, LINGER_MS, true);
    });
    try {
      return await Promise.race([arrived, lingered]);
    } finally {
      clearTimeout(timer);
    }
  }

  private hasRoom(): boolean {
    const { held, window } = this;
    if (this.waiting.length === 0) return true;
    if (this.waiting.length >= MOST_WAITING) return false;
    return held.rows < window.rows && held.texts < window.texts && held.bytes < window.bytes;
  }

  private add(batch: RecordBatch): void {
    const plan = this.texts.plan(this.setting.input.texts(batch));
    this.waiting.push({ batch, plan, row: this.rowsRead });
    this.rowsRead += batch.numRows;
    this.hold(batch, plan, 1);
    // All of its texts may be answered already.
    this.bell.ring();
  }

  private hold(batch: RecordBatch, plan: Plan, sign: 1 | -1): void {
    this.held.rows += sign * batch.numRows;
    this.held.texts += sign * plan.fresh;
    this.held.bytes += sign * plan.freshBytes;
  }

  private isComplete(): boolean {
    return this.waiting.length > 0 && this.waiting[0].plan.last < this.answers.answered;
  }

  private takeFirst(): ComputedColumn {
    const { batch, plan, row } = this.waiting.shift()!;
    const { type, counter, failing } = this.setting;
    const failure = counter.joined(plan, this.answers, row);
    if (failure && failing) throw rowError(failure.row, failure.reason, KEEP_OTHERS);
    const column = new Vector([joinAnswers(type, plan.numbers, this.answers)]);
    this.hold(batch, plan, -1);
    this.bell.ring();
    return { batch, column };
  }

  /** Forgets the oldest texts and answers that no slice waits for. */
  private forget(): void {
    const most = this.setting.dedupe ? REMEMBERED_BYTES : 0;
    if (this.texts.bytes + this.answers.bytes <= most) return;
    const needed = this.waiting.reduce((least, { plan }) => Math.min(least, plan.first), this.answers.answered);
    while (this.texts.bytes + this.answers.bytes > most) {
      const end = this.texts.oldestEnd();
      if (end === null || end > needed) return;
      this.texts.forgetOldest();
      this.answers.forgetBefore(end);
    }
  }
}

interface Held {
  rows: number;
  texts: number;
  bytes: number;
}
