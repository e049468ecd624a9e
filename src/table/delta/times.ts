/** Dates and times as Delta's texts have them: days and microseconds since 1970, in the proleptic Gregorian calendar. */

const DATE = /^([+-]?\d{4,6})-(\d{2})-(\d{2})$/;
const TIME = /^([+-]?\d{4,6}-\d{2}-\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;
const DAY_MS = 86_400_000;

/** Null if the text is no date. */
export function daysOf(text: string): number | null {
  const parts = DATE.exec(text);
  if (!parts) return null;
  const date = new Date(0);
  date.setUTCFullYear(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  const isSame = date.getUTCMonth() + 1 === Number(parts[2]) && date.getUTCDate() === Number(parts[3]);
  return isSame ? date.getTime() / DAY_MS : null;
}

/** A text without a zone is taken as UTC. Null if it is no time. */
export function microsecondsOf(text: string): bigint | null {
  const parts = TIME.exec(text);
  const days = parts && daysOf(parts[1]);
  if (!parts || days === null) return null;
  const seconds = days * 86_400 + Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4]);
  const fraction = BigInt((parts[5] ?? '').padEnd(6, '0').slice(0, 6));
  return (BigInt(seconds) - BigInt(zoneSeconds(parts[6]))) * 1_000_000n + fraction;
}

function zoneSeconds(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

/** Null outside of the years 0001 to 9999, which not every reader understands. */
export function dateText(days: number): string | null {
  const date = new Date(days * DAY_MS);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString().slice(0, 10) : null;
}

/** `2020-01-31T12:00:00.123456` without a zone. */
export function timeText(microseconds: bigint): string | null {
  const rest = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((microseconds - rest) / 1000n));
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return null;
  return `${date.toISOString().slice(0, 19)}.${String(rest).padStart(6, '0')}`;
}
