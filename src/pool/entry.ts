import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { batchFromIpc, batchToIpc } from '../table/columns.js';
import type { Death } from './crew.js';
import type { RunAnswer } from './messages.js';
import type { GivenUp, MapOptions, PartitionAnswer } from './types.js';

/** One partition from the moment it was pulled until its answer is handed over. */
export class Entry {
  readonly answer: Promise<PartitionAnswer>;
  /** The crew's number for it while the crew has it. */
  task: number | undefined;
  private readonly causes: string[] = [];
  private attempts = 0;
  /** Whether it was not the only one that ran when the last host died. */
  private isShared = false;
  private settled = false;
  private resolve!: (answer: PartitionAnswer) => void;
  private reject!: (error: unknown) => void;

  constructor(
    readonly partition: number,
    private readonly firstRow: number,
    /** Kept until it is answered: its bytes are given away at each attempt. */
    private batch: RecordBatch | undefined,
    /** To be run alone: asked for, or a host died on it and on others, and if it dies again it shall be known on which. */
    public alone = false,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever waits for the answer hears of it; nobody may.
    this.answer.catch(() => {});
  }

  /** As a user would find it. */
  get place(): string {
    const rows = this.batch?.numRows ?? 0;
    const last = this.firstRow + Math.max(rows, 1) - 1;
    return `partition ${this.partition} (rows ${this.firstRow} to ${last})`;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return batchToIpc(this.batch!);
  }

  /** The rows that were answered; none if nobody wanted them any more. */
  succeed({ bytes, counts }: RunAnswer): number {
    if (this.settled) return 0;
    const batch = batchFromIpc(bytes);
    this.settle();
    this.resolve({ partition: this.partition, attempts: this.attempts + 1, batch, counts });
    return batch.numRows;
  }

  fail(error: unknown): void {
    if (this.settled) return;
    this.settle();
    this.reject(error);
  }

  /** The number of the next attempt, or undefined if there is none. */
  died(death: Death, maxRetries: number): number | undefined {
    if (!death.running) return this.attempts + 1;
    this.attempts++;
    this.causes.push(death.message);
    this.isShared = death.suspects > 1;
    this.alone ||= this.isShared && this.attempts === maxRetries;
    return this.attempts <= maxRetries ? this.attempts + 1 : undefined;
  }

  /** Whoever asked for it answers what no attempt did. */
  async giveUp(answered: NonNullable<MapOptions['onGivenUp']>): Promise<void> {
    const { partition, attempts, isShared } = this;
    const given: GivenUp = { partition, batch: this.batch!, cause: this.causes.at(-1)!, isShared };
    try {
      const answer = await answered(given);
      if (this.settled) return;
      this.settle();
      this.resolve({ ...answer, partition, attempts: attempts + 1 });
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Without an answer and without attempts that are left. */
  deathError(): PrecisError {
    const times = this.attempts === 1 ? 'once' : `${this.attempts} times`;
    return new PrecisError('pool', {
      found: `${this.place} was tried ${times} and its worker died (${this.causes.at(-1)})`,
      expected: 'an answer',
      action: 'look at these rows, or raise the number of retries',
      details: this.causes.map((cause, index) => `attempt ${index + 1}: ${cause}`),
    });
  }

  get isSettled(): boolean {
    return this.settled;
  }

  private settle(): void {
    this.settled = true;
    this.batch = undefined;
  }
}
