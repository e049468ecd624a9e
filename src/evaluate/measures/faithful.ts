import type { FoundDate } from './dates.js';
import { type Facts, type FoundNumber, factsOf } from './facts.js';

/** The share of a summary's numbers, dates and codes that its source states; null if it has none. */
export function faithful(source: string, summary: string): number | null {
  const facts = factsOf(summary, 'word');
  const claims = countOf(facts);
  return claims === 0 ? null : (claims - countOf(unstated(source, facts))) / claims;
}

/** Those of a summary's facts that its source does not state. */
export function unstated(source: string, { dates, numbers, codes }: Facts): Facts {
  const stated = new Stated(source);
  return {
    dates: dates.filter((date) => !stated.hasDate(date)),
    numbers: numbers.filter((number) => !stated.hasNumber(number)),
    codes: codes.filter((code) => !stated.codes.has(code)),
  };
}

function countOf({ dates, numbers, codes }: Facts): number {
  return dates.length + numbers.length + codes.length;
}

/** The facts of a source, to be looked up. */
class Stated {
  readonly codes: ReadonlySet<string>;
  private readonly dates = new Set<string>();
  /** A number's units, null among them where it stands alone. */
  private readonly units = new Map<string, Set<string | null>>();

  constructor(source: string) {
    const { dates, numbers, codes } = factsOf(source, 'number');
    this.codes = new Set(codes);
    for (const { value, unit } of numbers) this.add(value, unit);
    for (const { day, month, year } of dates) {
      this.dates.add(dateKey(day, month, year));
      // A summary may leave out a part, not add one.
      this.dates.add(dateKey(day, month, 'any'));
      this.dates.add(dateKey('any', month, year));
      if (day !== null) this.add(String(day), null);
      if (year !== null) this.add(String(year), null);
    }
  }

  hasNumber({ value, unit }: FoundNumber): boolean {
    const units = this.units.get(value);
    return units !== undefined && (unit === null || units.has(unit) || units.has(null));
  }

  hasDate({ day, month, year }: FoundDate): boolean {
    if (day === null) return this.dates.has(dateKey('any', month, year));
    if (year === null) return this.dates.has(dateKey(day, month, 'any'));
    if (this.dates.has(dateKey(day, month, year))) return true;
    // "In 2026 ... on 12 May" makes 12 May 2026, and "on 3 May 2000 parts" may be 3 May and 2000 parts.
    return this.dates.has(dateKey(day, month, null)) && this.units.has(String(year));
  }

  private add(value: string, unit: string | null): void {
    const units = this.units.get(value);
    if (units === undefined) this.units.set(value, new Set([unit]));
    else units.add(unit);
  }
}

function dateKey(day: number | null | 'any', month: number, year: number | null | 'any'): string {
  return `${day} ${month} ${year}`;
}
