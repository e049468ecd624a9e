import { Cron } from 'croner';
import { PrecisError } from '../../errors.js';

/** The due times of a cron expression: five fields, six with seconds in front, or @daily and its like. */
export interface DueTimes {
  readonly cron: string;
  /** IANA name; null: the machine's own. */
  readonly timezone: string | null;
  /** The first after the time; null: never again. */
  after(time: Date): Date | null;
  /** The last that is not after the time; null: none. */
  upTo(time: Date): Date | null;
}

export function dueTimes(cron: string, timezone: string | null = null): DueTimes {
  if (timezone !== null) checkTimezone(timezone);
  const pattern = parsed(cron, timezone);
  const due: DueTimes = {
    cron,
    timezone,
    after: (time) => pattern.nextRun(time),
    // What is asked for is before the reference, and due times lie on whole seconds.
    upTo: (time) => pattern.previousRuns(1, new Date(time.getTime() + 1000 - (time.getTime() % 1000)))[0] ?? null,
  };
  if (due.after(new Date()) !== null) return due;
  throw new PrecisError('config', {
    found: `the schedule ${JSON.stringify(cron)} is never due`,
    expected: 'one that is, such as "0 2 * * *" for each night at 2',
  });
}

/** The next times a schedule is due, for --dry-run and for what is printed at its start. */
export function nextTimes(cron: string, n: number, how: { timezone?: string | null; from?: Date } = {}): Date[] {
  const due = dueTimes(cron, how.timezone ?? null);
  const times: Date[] = [];
  let time = how.from ?? new Date();
  while (times.length < n) {
    const next = due.after(time);
    if (next === null) break;
    times.push(next);
    time = next;
  }
  return times;
}

/** As a person reads it, in the schedule's own time zone: `Sun 2026-11-22 02:00:00 GMT+1`. */
export function timeText(time: Date, timezone: string | null): string {
  const part = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone: timezone ?? undefined,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    })
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  return `${part.weekday} ${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second} ${part.timeZoneName}`;
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: timezone });
  } catch {
    throw new PrecisError('config', {
      found: `the time zone ${JSON.stringify(timezone)}`,
      expected: 'a name such as Europe/Berlin, or UTC',
    });
  }
}

function parsed(cron: string, timezone: string | null): Cron {
  // The library also takes a single point in time and a year as a seventh field, which no other part of a schedule knows.
  const fields = cron.trim().split(/\s+/);
  const isCron = fields.length === 5 || fields.length === 6 || /^@\w+$/.test(fields[0]);
  try {
    if (isCron) return new Cron(cron, { timezone: timezone ?? undefined, paused: true });
  } catch (error) {
    throw invalid(cron, (error as Error).message.replace(/^CronPattern: /, ''), error);
  }
  throw invalid(cron, `it has ${fields.length} field${fields.length === 1 ? '' : 's'}`);
}

function invalid(cron: string, why: string, cause?: unknown): PrecisError {
  return new PrecisError('config', {
    found: `the schedule ${JSON.stringify(cron)} (${why.replaceAll(/\s+/g, ' ').replace(/\.$/, '')})`,
    expected: 'five fields, minute hour day month weekday, such as "0 2 * * *"; a sixth in front counts seconds',
    cause,
  });
}
