import { createHash } from 'node:crypto';
import path from 'node:path';
import { openHome } from '../../files/home.js';
import { readState, writeWhole } from '../../files/stateFile.js';

/** What outlives the process: which due time was dealt with last, so that a restart knows what it missed. */
export interface ScheduleState {
  readonly format: 1;
  readonly cron: string;
  readonly timezone: string | null;
  /** ISO 8601: the last due time that was run or skipped, at first when the schedule began. */
  readonly last: string;
  /** The due time of a run that has begun and not ended. */
  readonly running: string | null;
}

/** One file a schedule under PRECIS_HOME/schedules. */
export function scheduleFile(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(-60);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return path.join(openHome(), 'schedules', `${plain}-${hash}.json`);
}

export function readSchedule(file: string, say: (line: string) => void): ScheduleState | null {
  return readState(file, isState, (why) => say(`${why}; what was missed before now is not known`));
}

export function writeSchedule(file: string, state: ScheduleState): void {
  writeWhole(file, `${JSON.stringify(state)}\n`);
}

function isState(value: unknown): value is ScheduleState {
  const { format, last, running } = (value ?? {}) as Partial<ScheduleState>;
  const isTime = (text: unknown) => typeof text === 'string' && !Number.isNaN(Date.parse(text));
  return format === 1 && isTime(last) && (running === null || isTime(running));
}
