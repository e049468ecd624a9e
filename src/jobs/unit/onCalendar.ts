import { cronFields } from './cronFields.js';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The same due times for systemd: one line, or two whose times are joined. */
export function onCalendar(cron: string, timezone: string | null): string[] {
  const { seconds, minutes, hours, days, months, weekdays } = cronFields(cron);
  const time = [list(hours, 0, 23), list(minutes, 0, 59), list(seconds, 0, 59)].join(':');
  const calendar = (ofDays: readonly number[] | null, ofWeek: readonly number[] | null) =>
    [
      // Systemd's week begins on Monday.
      ofWeek === null
        ? ''
        : [...ofWeek]
            .sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
            .map((day) => WEEKDAYS[day])
            .join(','),
      `*-${list(months, 1, 12)}-${ofDays === null ? '*' : list(ofDays, 1, 31)}`,
      time,
      timezone ?? '',
    ]
      .filter((part) => part !== '')
      .join(' ');
  // Where both are given, cron wants either and systemd both.
  if (days !== null && weekdays !== null) return [calendar(days, null), calendar(null, weekdays)];
  return [calendar(days, weekdays)];
}

/** `*`, or the numbers with runs of three and more as ranges. */
function list(numbers: readonly number[], from: number, to: number): string {
  if (numbers.length === to - from + 1) return '*';
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (numbers[end + 1] === numbers[end] + 1) end++;
    if (end - i < 2) end = i;
    parts.push(end === i ? two(numbers[i]) : `${two(numbers[i])}..${two(numbers[end])}`);
    i = end + 1;
  }
  return parts.join(',');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
