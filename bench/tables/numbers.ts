import type { Spread } from '../../src/measure/statistics.js';

export function range({ median, min, max }: Spread, digits: number): string {
  const [middle, least, most] = [median, min, max].map((value) =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return `${middle} (${least} to ${most})`;
}

export function mebi(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
