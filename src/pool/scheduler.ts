import { type Crew, Death } from './crew.js';
import type { Entry } from './entry.js';
import { valueOrThrow } from './errorData.js';
import type { MapRun } from './mapRun.js';
import type { PoolEvent } from './types.js';

export interface SchedulerOptions {
  readonly maxRetries: number;
  readonly onEvent: (event: PoolEvent) => void;
}

/** Gives the partitions of all maps to one crew, and those again whose worker died. */
export class Scheduler {
  private readonly runs = new Set<MapRun>();
  private tasks = 0;
  private underWay = 0;
  /** What is under way is an entry that has to be alone. */
  private runsAlone = false;
  private rowsFinished = 0;
  /** Rows that running tasks have done so far. */
  private readonly rowsRunning = new Map<number, number>();

  constructor(
    private readonly crew: Crew,
    private readonly options: SchedulerOptions,
  ) {}

  add(run: MapRun): void {
    this.runs.add(run);
  }

  remove(run: MapRun): void {
    this.runs.delete(run);
  }

  stop(reason: unknown): void {
    for (const run of this.runs) void run.stop(reason);
  }

  /** Gives the crew what it has room for, one partition of each map in turn. */
  deal(): void {
    while (this.underWay < this.crew.room && !this.runsAlone) {
      const run = [...this.runs].find(({ ready }) => ready.length > 0);
      if (!run || (run.ready[0].alone && this.underWay > 0)) return;
      this.runsAlone = run.ready[0].alone;
      // Behind the others: its next partition waits until each of them has had one.
      this.runs.delete(run);
      this.runs.add(run);
      void this.give(run, run.ready.shift()!);
    }
  }

  private async give(run: MapRun, entry: Entry): Promise<void> {
    const id = this.tasks++;
    this.underWay++;
    entry.task = id;
    try {
      const outcome = await this.crew.run({ id, bytes: entry.bytes(), onRows: (rows) => this.progress(id, rows) });
      const answer = valueOrThrow(outcome, entry.place);
      this.rowsFinished += entry.succeed(answer);
    } catch (error) {
      this.failed(run, entry, error);
    }
    entry.task = undefined;
    this.runsAlone = false;
    this.underWay--;
    this.progress(id, undefined);
    this.deal();
  }

  private failed(run: MapRun, entry: Entry, error: unknown): void {
    if (entry.isSettled) return;
    if (!(error instanceof Death)) {
      entry.fail(error);
      run.failedAt(entry.partition);
      return;
    }
    const { maxRetries = this.options.maxRetries, onGivenUp } = run.how;
    const attempt = entry.died(error, maxRetries);
    if (attempt !== undefined) {
      run.again(entry);
      if (error.running) this.tellRetry(entry, attempt, error);
    } else if (onGivenUp) {
      this.tellRetry(entry, maxRetries + 2, error);
      entry.giveUp(onGivenUp).catch(() => run.failedAt(entry.partition));
    } else {
      entry.fail(entry.deathError());
      run.failedAt(entry.partition);
    }
  }

  private tellRetry({ partition }: Entry, attempt: number, { message }: Death): void {
    this.options.onEvent({ kind: 'retry', partition, attempt, cause: message });
  }

  private progress(task: number, rows: number | undefined): void {
    if (rows === undefined) this.rowsRunning.delete(task);
    else this.rowsRunning.set(task, rows);
    const running = [...this.rowsRunning.values()].reduce((sum, done) => sum + done, 0);
    this.options.onEvent({ kind: 'progress', rows: this.rowsFinished + running });
  }
}
