import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { type Arrival, arrivalsIn, namePattern } from './arrivals.js';
import { WatchState } from './watchState.js';

export interface WatchOptions {
  /** Tells what is done with the files: two watches of one folder and name share what they remember. */
  readonly name: string;
  /** Of names: `*`, `?`, `{a,b}`; all by default. */
  readonly pattern?: string;
  /** A file is whole when it has not changed for so long, or a marker says so. */
  readonly settleSeconds?: number;
  /** The folder is looked at at least as often: not every file system tells of changes. */
  readonly pollSeconds?: number;
  /** A file that fails is tried so often. */
  readonly attempts?: number;
  readonly retrySeconds?: number;
  /** Does the work for one file or folder. What it throws is said. `attempt` counts from 1. */
  readonly run: (file: string, signal: AbortSignal, attempt: number) => Promise<unknown>;
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
}

export interface WatchResult {
  readonly done: number;
  /** Files that were given up. */
  readonly failed: number;
}

/** A file that is being written makes many changes: the folder is looked at no more often, in milliseconds. */
const SOON = 50;

/** Does work for each file that arrives in a folder, one after the other in the order of names, until the signal is aborted. */
export async function watchFolder(folder: string, options: WatchOptions): Promise<WatchResult> {
  return new Watch(path.resolve(folder), options).keep();
}

class Watch {
  private readonly pattern: RegExp;
  private readonly settle: number;
  private readonly poll: number;
  private readonly most: number;
  private readonly pause: number;
  private readonly state: WatchState;
  private readonly signal: AbortSignal;
  private readonly say: (line: string) => void;
  /** Since when a file is as it is, by the monotonic clock. */
  private seen = new Map<string, { identity: string; since: number }>();
  private readonly retryAt = new Map<string, number>();
  private isAway = false;
  private hasNews = false;
  private wake: () => void = () => {};
  private done = 0;
  private failed = 0;

  constructor(
    private readonly folder: string,
    private readonly options: WatchOptions,
  ) {
    this.pattern = namePattern(options.pattern ?? '*');
    this.settle = checked('settleSeconds', options.settleSeconds ?? 5, 0) * 1000;
    this.poll = checked('pollSeconds', options.pollSeconds ?? 10, 0.01) * 1000;
    this.most = checked('attempts', options.attempts ?? 3, 1);
    this.pause = checked('retrySeconds', options.retrySeconds ?? 60, 0) * 1000;
    this.signal = options.signal ?? new AbortController().signal;
    this.say = options.say ?? (() => {});
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new PrecisError('usage', { found: `no folder ${folder}`, expected: 'a folder to watch' });
    }
    this.state = new WatchState(folder, options.name, this.say);
  }

  async keep(): Promise<WatchResult> {
    const watcher = this.watcher();
    const stop = () => this.wake();
    this.signal.addEventListener('abort', stop);
    this.say(`watching ${this.folder} for ${this.options.pattern ?? 'files'}`);
    try {
      while (!this.signal.aborted) {
        this.hasNews = false;
        const next = this.ready();
        if (next === null) await this.rest();
        else await this.work(next);
      }
    } finally {
      this.signal.removeEventListener('abort', stop);
      watcher?.close();
    }
    return { done: this.done, failed: this.failed };
  }

  /** The first file by name that is whole and not done. */
  private ready(): Arrival | null {
    const now = performance.now();
    const seen: typeof this.seen = new Map();
    let first: Arrival | null = null;
    for (const arrival of this.look()) {
      const before = this.seen.get(arrival.name);
      const isSame = before?.identity === arrival.identity;
      if (!isSame) this.retryAt.delete(arrival.name);
      seen.set(arrival.name, isSame ? before : { identity: arrival.identity, since: now });
      if (first === null && this.isDue(arrival, seen.get(arrival.name)!.since, now)) first = arrival;
    }
    this.seen = seen;
    return first;
  }

  private isDue(arrival: Arrival, since: number, now: number): boolean {
    if (!arrival.isMarked && now - since < this.settle) return false;
    const attempts = this.state.attempts(arrival);
    if (attempts === null || now < (this.retryAt.get(arrival.name) ?? 0)) return false;
    return attempts < this.most;
  }

  private async work(arrival: Arrival): Promise<void> {
    const attempt = (this.state.attempts(arrival) ?? 0) + 1;
    // Counted before it begins: a file that ends the whole process is not tried for ever either.
    this.state.set(arrival, 'begun', attempt);
    try {
      await this.options.run(arrival.path, this.signal, attempt);
      this.state.set(arrival, 'done', attempt);
      this.done++;
    } catch (error) {
      // Being asked to stop is no failure of the file.
      if (this.signal.aborted) return this.state.set(arrival, 'begun', attempt - 1);
      this.state.set(arrival, 'failed', attempt);
      this.tellFailure(arrival.name, attempt, (error as Error).message);
    }
  }

  private tellFailure(name: string, attempt: number, why: string): void {
    if (attempt < this.most) {
      this.retryAt.set(name, performance.now() + this.pause);
      this.say(
        `${name} failed, attempt ${attempt} of ${this.most}, and is tried again in ${this.pause / 1000} s: ${why}`,
      );
      return;
    }
    this.failed++;
    this.say(`${name} failed ${attempt} times and is left until it changes: ${why}`);
  }

  private look(): Arrival[] {
    try {
      const found = arrivalsIn(this.folder, this.pattern);
      if (this.isAway) this.say(`${this.folder} is there again`);
      this.isAway = false;
      return found;
    } catch (error) {
      if (!this.isAway) this.say(`${this.folder} cannot be read, waiting for it: ${(error as Error).message}`);
      this.isAway = true;
      return [];
    }
  }

  /** Until something changes, a file may have settled, or it is time to look anyway. */
  private async rest(): Promise<void> {
    const now = performance.now();
    const settling = [...this.seen.values()].map(({ since }) => since + this.settle).filter((time) => time > now);
    const until = Math.min(
      now + (this.hasNews ? 0 : this.poll),
      ...settling,
      ...[...this.retryAt.values()].filter((time) => time > now),
    );
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(until - now, SOON));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.signal.aborted) this.wake();
    });
    this.wake = () => {};
  }

  private watcher(): fs.FSWatcher | null {
    const without = (error: Error) =>
      this.say(`changes of ${this.folder} are not told, it is looked at every ${this.poll / 1000} s: ${error.message}`);
    try {
      const watcher = fs.watch(this.folder, { persistent: false }, () => {
        if (!this.hasNews) setTimeout(() => this.wake(), SOON);
        this.hasNews = true;
      });
      return watcher.on('error', without);
    } catch (error) {
      without(error as Error);
      return null;
    }
  }
}

function checked(name: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new PrecisError('usage', { found: `${name} is ${value}`, expected: `a number of at least ${least}` });
}
