const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const TIMES: Readonly<Record<string, number>> = { '': 1, k: 1000, M: 1_000_000 };

export const DURATION = 'seconds, or a time such as 45s, 90m, 1h30m or 2d';
export const COUNT = 'a whole number, such as 5000, 10_000, 10k or 2M';

/** Seconds; null if the value says no time above 0. */
export function readDuration(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? value : null;
  const parts = typeof value === 'string' ? [...value.matchAll(/(\d+(?:\.\d+)?)\s*([smhd])\s*/g)] : [];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== value) return null;
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * SECONDS[unit], 0);
  return seconds > 0 ? seconds : null;
}

/** A whole number of at least `least`; null if it is none. */
export function readCount(value: unknown, least: number): number | null {
  const parts = typeof value === 'string' ? /^(-?\d[\d_]*(?:\.\d+)?)(k|M|)$/.exec(value) : null;
  const found = parts ? Math.round(Number(parts[1].replaceAll('_', '')) * TIMES[parts[2]] * 1000) / 1000 : value;
  return Number.isSafeInteger(found) && (found as number) >= least ? (found as number) : null;
}
