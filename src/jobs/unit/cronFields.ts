import { PrecisError } from '../../errors.js';
import { dueTimes } from '../schedule/cron.js';

/** A cron expression as sets of numbers, in the part of the language that systemd and Kubernetes know too. */
export interface CronFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** null: any. */
  readonly days: readonly number[] | null;
  readonly months: readonly number[];
  /** 0 is Sunday; null: any. With days too, either will do. */
  readonly weekdays: readonly number[] | null;
}

const NICKNAMES: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAYS = 'sun mon tue wed thu fri sat'.split(' ');

export function cronFields(cron: string): CronFields {
  // What no scheduler understands is told as everywhere.
  dueTimes(cron);
  const fields = (NICKNAMES[cron.trim().toLowerCase()] ?? cron.trim()).split(/\s+/);
  if (fields.length === 5) fields.unshift('0');
  const [seconds, minutes, hours, days, months, weekdays] = fields;
  const numbers = (text: string, from: number, to: number, names: readonly string[] = []) =>
    fieldNumbers(text, from, to, names, cron);
  const isAny = (text: string) => text === '*' || text === '?';
  return {
    seconds: numbers(seconds, 0, 59),
    minutes: numbers(minutes, 0, 59),
    hours: numbers(hours, 0, 23),
    days: isAny(days) ? null : numbers(days, 1, 31),
    months: numbers(months, 1, 12, MONTHS),
    weekdays: isAny(weekdays) ? null : sorted(numbers(weekdays, 0, 7, WEEKDAYS).map((day) => day % 7)),
  };
}

function fieldNumbers(text: string, from: number, to: number, names: readonly string[], cron: string): number[] {
  const numbers: number[] = [];
  for (const part of text.toLowerCase().split(',')) {
    const [, range, step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [, first, last = first] = /^(\*|\?|\w+)(?:-(\w+))?$/.exec(range ?? '') ?? [];
    const isAny = first === '*' || first === '?';
    const start = isAny ? from : numberOf(first, names, from);
    const end = isAny ? to : numberOf(last, names, from);
    // Such as L, W and #, which are croner's own.
    if (Number.isNaN(start) || Number.isNaN(end) || start > end) throw untranslated(cron, part);
    for (let number = start; number <= end; number += Number(step)) numbers.push(number);
  }
  return sorted(numbers);
}

/** Months are counted from 1, weekdays from 0. */
function numberOf(text: string | undefined, names: readonly string[], from: number): number {
  const named = names.indexOf(text ?? '');
  if (named >= 0) return named + from;
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
}

function sorted(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function untranslated(cron: string, part: string): PrecisError {
  return new PrecisError('config', {
    found: `${JSON.stringify(part)} in the schedule ${JSON.stringify(cron)}, which neither systemd nor Kubernetes can say`,
    expected: 'numbers, names, lists, ranges and steps',
    action: 'write it with these, or keep the schedule in the foreground with precis job schedule',
  });
}
