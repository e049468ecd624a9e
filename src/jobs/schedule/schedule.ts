import { createHash } from 'node:crypto';
import { PrecisError } from '../../errors.js';
import { type Clock, SYSTEM_CLOCK } from './clock.js';
import { type DueTimes, dueTimes, nextTimes, timeText } from './cron.js';
import { readSchedule, type ScheduleState, scheduleFile, writeSchedule } from './memory.js';

export interface ScheduleOptions {
  /** Names the schedule's memory: two schedules of one name share it. */
  readonly name: string;
  readonly cron: string;
  /** IANA name; by default the machine's own. */
  readonly timezone?: string | null;
  /** Each run begins up to so many seconds after it is due, always the same for the same seed and due time. */
  readonly jitterSeconds?: number;
  /** By default the schedule's name. */
  readonly jitterSeed?: string;
  /** What becomes of due times at which nothing could run: the run before was at work, the machine slept, the process was down. */
  readonly missed?: MissedPolicy;
  /** Does the work. What it throws is said, and the next due time comes. */
  readonly run: (due: Date, signal: AbortSignal) => Promise<unknown>;
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
  readonly clock?: Clock;
}

export type MissedPolicy = 'skip' | 'run-once';

export interface ScheduleResult {
  readonly runs: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Nobody sleeps longer without looking at the clock: it may have been set, or the machine been asleep. */
const TICK = 60_000;
/** A run that begins later than this was missed. */
const LATE = TICK + 30_000;
/** A clock that was set back by less is waited for, so that no due time is run twice. */
const SET_BACK = 3_600_000;
const MOST_COUNTED = 1000;

/** Runs work at the due times of a cron expression until the signal is aborted, or nothing is due any more. One run at a time. */
export async function schedule(options: ScheduleOptions): Promise<ScheduleResult> {
  return new Schedule(options).keep();
}

class Schedule {
  private readonly due: DueTimes;
  private readonly missed: MissedPolicy;
  private readonly jitter: number;
  private readonly clock: Clock;
  private readonly say: (line: string) => void;
  private readonly signal: AbortSignal;
  private readonly file: string;
  private last: Date;
  private unfinished: Date | null = null;
  /** The due time that was announced. */
  private told: number | null = null;
  private runs = 0;
  private failed = 0;
  private skipped = 0;

  constructor(private readonly options: ScheduleOptions) {
    this.due = dueTimes(options.cron, options.timezone ?? null);
    this.missed = options.missed ?? 'skip';
    this.clock = options.clock ?? SYSTEM_CLOCK;
    this.say = options.say ?? (() => {});
    this.signal = options.signal ?? new AbortController().signal;
    this.jitter = this.checkedJitter(options.jitterSeconds ?? 0);
    this.file = scheduleFile(options.name);
    this.last = new Date(this.clock.now());
    this.remember();
  }

  async keep(): Promise<ScheduleResult> {
    writeSchedule(this.file, this.state(this.unfinished));
    const from = new Date(this.clock.now());
    const soon = nextTimes(this.due.cron, 3, { timezone: this.due.timezone, from });
    this.say(`${this.options.cron} is due next at ${soon.map((time) => this.text(time)).join(', ')}`);
    if (this.unfinished !== null && !this.signal.aborted) await this.resume(this.unfinished);
    while (!this.signal.aborted) {
      const now = this.clock.now();
      if (this.last.getTime() - now > SET_BACK) {
        this.say(`the clock was set back to ${this.text(new Date(now))}: the schedule goes on from there`);
        this.moveTo(new Date(now));
      }
      const next = this.due.after(this.last);
      if (next === null) break;
      const start = this.startOf(next);
      if (start <= now) await this.reached(now);
      else await this.wait(next, start - now);
    }
    return { runs: this.runs, failed: this.failed, skipped: this.skipped };
  }

  private async wait(next: Date, milliseconds: number): Promise<void> {
    if (this.told !== next.getTime()) {
      const jitter = Math.round((this.startOf(next) - next.getTime()) / 1000);
      this.say(`next run at ${this.text(next)}${jitter > 0 ? `, ${jitter} s later to spread the load` : ''}`);
      this.told = next.getTime();
    }
    await this.clock.sleep(Math.min(TICK, milliseconds), this.signal);
  }

  /** One due time or several lie behind us: the last of them may be just now. */
  private async reached(now: number): Promise<void> {
    const latest = this.latestBefore(now);
    const isNow = now - this.startOf(latest) <= LATE;
    const passed = this.countUpTo(latest) - (isNow ? 1 : 0);
    if (passed > 0) this.tellMissed(passed, 'nothing could run', isNow ? 'this run does for them' : 'run once now');
    if (!isNow && this.missed === 'skip') return this.moveTo(latest);
    await this.runFrom(latest);
  }

  /** Runs, and once more if that was overtaken by a due time and none is to be missed. */
  private async runFrom(due: Date): Promise<void> {
    for (let next: Date | null = due; next !== null && !this.signal.aborted; next = this.overtaken())
      await this.run(next);
  }

  /** The last of the due times that came while the run was at work, if it is to be run still. */
  private overtaken(): Date | null {
    const next = this.due.after(this.last);
    const now = this.clock.now();
    if (this.signal.aborted || next === null || this.startOf(next) > now) return null;
    const latest = this.latestBefore(now);
    this.tellMissed(this.countUpTo(latest), 'a run was under way', 'run once now');
    if (this.missed === 'run-once') return latest;
    this.moveTo(latest);
    return null;
  }

  private async resume(due: Date): Promise<void> {
    this.unfinished = null;
    if (this.missed === 'skip') {
      this.skipped++;
      this.say(`the run that was due at ${this.text(due)} did not end: skipped`);
      return this.save();
    }
    this.say(`the run that was due at ${this.text(due)} did not end: run again now`);
    await this.runFrom(due);
  }

  private async run(due: Date): Promise<void> {
    this.last = due;
    this.save(due);
    this.runs++;
    try {
      await this.options.run(due, this.signal);
    } catch (error) {
      // A run that was asked to stop has not ended: a restart should know.
      if (this.signal.aborted) return;
      this.failed++;
      this.say(`the run that was due at ${this.text(due)} failed: ${(error as Error).message ?? error}`);
    }
    this.save();
  }

  private tellMissed(count: number, why: string, runOnce: string): void {
    if (this.missed === 'skip') this.skipped += count;
    const first = this.due.after(this.last);
    const many = count > MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(count);
    const what = count === 1 ? 'a due time was missed' : `${many} due times were missed`;
    const then = this.missed === 'skip' ? 'skipped' : runOnce;
    this.say(`${what} from ${this.text(first!)}, as ${why}: ${then}`);
  }

  private latestBefore(now: number): Date {
    const latest = this.due.upTo(new Date(now)) ?? this.due.after(this.last)!;
    if (this.startOf(latest) <= now) return latest;
    // Its jitter lies ahead still; the one before has begun, or this would not be asked.
    return this.due.upTo(new Date(latest.getTime() - 1)) ?? latest;
  }

  /** Due times after the last one, up to and with this one; counted no further than anybody wants to know. */
  private countUpTo(latest: Date): number {
    let count = 0;
    for (let time = this.due.after(this.last); time !== null && time <= latest; time = this.due.after(time)) {
      if (++count > MOST_COUNTED) break;
    }
    return count;
  }

  private startOf(due: Date): number {
    if (this.jitter === 0) return due.getTime();
    const seed = this.options.jitterSeed ?? this.options.name;
    const hash = createHash('sha256').update(`${seed} ${due.toISOString()}`).digest();
    return due.getTime() + Math.floor((hash.readUIntBE(0, 6) / 2 ** 48) * this.jitter * 1000);
  }

  private checkedJitter(seconds: number): number {
    const times = nextTimes(this.due.cron, 20, { timezone: this.due.timezone, from: new Date(this.clock.now()) });
    const gaps = times.slice(1).map((time, i) => (time.getTime() - times[i].getTime()) / 1000);
    const shortest = Math.min(...gaps);
    if (Number.isFinite(seconds) && seconds >= 0 && (seconds === 0 || seconds < shortest)) return seconds;
    throw new PrecisError('config', {
      found: `a jitter of ${seconds} s`,
      expected: `at least 0 and less than the ${shortest} s between two due times`,
    });
  }

  private remember(): void {
    const state = readSchedule(this.file, this.say);
    if (state === null) return;
    this.unfinished = state.running === null ? null : new Date(state.running);
    // Of another expression's due times nothing was missed.
    if (state.cron === this.due.cron && state.timezone === this.due.timezone) this.last = new Date(state.last);
  }

  private moveTo(time: Date): void {
    this.last = time;
    this.save();
  }

  /** A full disk is no reason not to run: only a restart would know less. */
  private save(running: Date | null = this.unfinished): void {
    try {
      writeSchedule(this.file, this.state(running));
    } catch (error) {
      this.say(`what was run is not remembered: ${(error as Error).message}`);
    }
  }

  private state(running: Date | null): ScheduleState {
    const { cron, timezone } = this.due;
    return { format: 1, cron, timezone, last: this.last.toISOString(), running: running?.toISOString() ?? null };
  }

  private text(time: Date): string {
    return timeText(time, this.due.timezone);
  }
}
