import { company, digits, firstName, lastName, letters, place, product } from './names.js';
import type { Rng } from './rng.js';

export type Draw = (rng: Rng, ...numbers: number[]) => string;

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const SMALL = 'two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Whatever a text may name: nothing of it exists outside of its document. */
export const draws: Readonly<Record<string, Draw>> = {
  first: firstName,
  last: lastName,
  person: (rng) => `${firstName(rng)} ${lastName(rng)}`,
  titled: (rng) => `${rng.pick(['Mr', 'Ms', 'Mrs', 'Dr'])} ${lastName(rng)}`,
  place,
  company,
  product,
  street: (rng) =>
    `${rng.int(1, 240)} ${lastName(rng)} ${rng.pick(['Street', 'Road', 'Lane', 'Avenue', 'Way', 'Square'])}`,
  count: (rng, low = 2, high = 90) => String(rng.int(low, high)),
  few: (rng) => rng.pick(SMALL),
  /** With thousands set off, as documents write large numbers. */
  many: (rng, low = 200, high = 9000) => rng.int(low, high).toLocaleString('en'),
  percent: (rng, low = 2, high = 95) =>
    rng.chance(0.3) ? `${rng.int(low, high)}.${rng.int(1, 9)}%` : `${rng.int(low, high)}%`,
  money: (rng, low = 40, high = 90_000) => money(rng, low, high),
  time: (rng) => `${String(rng.int(0, 23)).padStart(2, '0')}:${String(rng.int(0, 59)).padStart(2, '0')}`,
  day: (rng) => rng.pick(DAYS),
  date: (rng) => date(rng),
  month: (rng) => rng.pick(MONTHS),
  year: (rng) => String(rng.int(2008, 2031)),
  minutes: (rng, low = 5, high = 95) => `${rng.int(low, high)} minutes`,
  span: (rng) => span(rng),
  days: (rng, low = 2, high = 60) => `${rng.int(low, high)} days`,
  code: (rng) => code(rng),
  version: (rng) => `${rng.int(1, 14)}.${rng.int(0, 20)}${rng.chance(0.5) ? `.${rng.int(0, 9)}` : ''}`,
  degrees: (rng, low = 3, high = 140) => `${rng.int(low, high)} degrees`,
  metres: (rng, low = 2, high = 900) => `${rng.int(low, high)} metres`,
  kilos: (rng, low = 2, high = 900) => `${rng.int(low, high)} kg`,
  decimal: (rng) => `${rng.int(0, 40)}.${rng.int(1, 99)}`,
};

export function money(rng: Rng, low: number, high: number): string {
  // Small sums are as frequent as large ones.
  const amount = Math.round(Math.exp(Math.log(low) + rng.unit() * Math.log(high / low)));
  const rounded = amount > 5000 && rng.chance(0.6) ? Math.round(amount / 100) * 100 : amount;
  const text =
    rounded.toLocaleString('en') +
    (rng.chance(0.15) && rounded < 2000 ? `.${String(rng.int(1, 99)).padStart(2, '0')}` : '');
  return rng.pick([`$${text}`, `$${text}`, `EUR ${text}`, `£${text}`, `${text} euros`, `${text} dollars`]);
}

function date(rng: Rng): string {
  const [day, month, year] = [rng.int(1, 28), rng.int(1, 12), rng.int(2015, 2031)];
  const two = (value: number) => String(value).padStart(2, '0');
  return rng.pick([
    `${day} ${MONTHS[month - 1]}`,
    `${MONTHS[month - 1]} ${day}`,
    `${day} ${MONTHS[month - 1]} ${year}`,
    `${year}-${two(month)}-${two(day)}`,
  ]);
}

function span(rng: Rng): string {
  const hours = rng.int(1, 11);
  return rng.pick([
    `${rng.int(12, 95)} minutes`,
    `${hours} ${hours === 1 ? 'hour' : 'hours'}`,
    `${rng.int(2, 9)} hours and ${rng.int(5, 55)} minutes`,
    `${rng.pick(SMALL)} hours`,
  ]);
}

function code(rng: Rng): string {
  return rng.pick([
    () => `${letters(rng, 3)}-${digits(rng, 4)}`,
    () => `${letters(rng, 2)}-${digits(rng, 5)}`,
    () => `${letters(rng, 2)}${digits(rng, 4)}`,
    () => `${letters(rng, 1)}${digits(rng, 3)}-${letters(rng, 1)}`,
    () => `${digits(rng, 5)}`,
    () => `${letters(rng, 1)}-${digits(rng, 3)}`,
    () => `${digits(rng, 3)}-${digits(rng, 4)}`,
    () => `#${digits(rng, 5)}`,
  ])();
}
