/** A day of a month, a month of a year, or all three; null is what was not told. */
export interface FoundDate {
  readonly day: number | null;
  readonly month: number;
  readonly year: number | null;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const NAMES = `Jan(?:uary)? Feb(?:ruary)? Mar(?:ch)? Apr(?:il)? May June? July? Aug(?:ust)? Sept?(?:ember)? Oct(?:ober)?
  Nov(?:ember)? Dec(?:ember)?`.split(/\s+/);
// Written with a capital or in capitals only: `may 5` is no date.
const MONTH = `(${[...NAMES, ...NAMES.map((name) => name.replace(/[a-z]+/g, (part) => part.toUpperCase()))].join('|')})(?!\\p{L})\\.?`;
const DAY = '(0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = '(?:,?\\s+((?:1[6-9]|20)\\d\\d))';
const BEFORE = '(?<![\\p{L}\\p{N}]|\\d[.,:/-])';
/** May 12,000 and May 12.5% are amounts in May. */
const AFTER = '(?![\\p{L}\\p{N}%]|[.,:/-]\\d)';

const FORMS: readonly (readonly [RegExp, (groups: readonly string[]) => FoundDate | null])[] = [
  [
    new RegExp(`${BEFORE}(\\d{4})-(\\d\\d)-(\\d\\d)${AFTER}`, 'gu'),
    ([year, month, day]) =>
      Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
        ? { day: Number(day), month: Number(month), year: Number(year) }
        : null,
  ],
  [
    new RegExp(`${BEFORE}${DAY}(?:\\s+of)?\\s+${MONTH}(?:${YEAR}${AFTER})?`, 'gu'),
    ([day, month, year]) => ({ day: Number(day), month: monthNumber(month), year: year ? Number(year) : null }),
  ],
  [
    new RegExp(`${BEFORE}${MONTH}\\s+${DAY}${AFTER}(?:${YEAR}${AFTER})?`, 'gu'),
    ([month, day, year]) => ({ day: Number(day), month: monthNumber(month), year: year ? Number(year) : null }),
  ],
  [
    new RegExp(`${BEFORE}${MONTH}${YEAR}${AFTER}`, 'gu'),
    ([month, year]) => ({ day: null, month: monthNumber(month), year: Number(year) }),
  ],
];

/** The dates of a text, and the text without them. */
export function takeDates(text: string): { readonly dates: readonly FoundDate[]; readonly rest: string } {
  const dates: FoundDate[] = [];
  let rest = text;
  for (const [pattern, read] of FORMS) {
    rest = rest.replace(pattern, (found: string, ...groups: string[]) => {
      const date = read(groups);
      if (date === null) return found;
      dates.push(date);
      return ' ; ';
    });
  }
  return { dates, rest };
}

function monthNumber(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}
