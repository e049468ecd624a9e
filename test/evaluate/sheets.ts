import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { readTable } from '../../src/table/open.js';

export const ROWS = 12;
export const numbers = Array.from({ length: ROWS }, (_, row) => row);
export const SOURCES = numbers.map((row) => `Report ${row}; "quoted", with a comma,\r\na second line\nand the end.`);
export const REFERENCES = numbers.map((row) => `What really happened in report ${row}.`);
/** What spreadsheets would take for something else than a text. */
export const DANGEROUS = [
  '=1+1',
  '+49 30 1234',
  '-5 degrees',
  '@SUM(A1)',
  ' =1+1',
  '\t=1',
  "'quoted'",
  '007',
  'TRUE',
  '1/2',
  '＝1',
];
export const good = {
  name: 'models/good',
  summaries: numbers.map((row) => `The good one of ${row} tells what matters.`),
};
export const bad = { name: 'models/bad', summaries: numbers.map((row) => `${DANGEROUS[row] ?? 'plain'}`) };
export const third = {
  name: 'third.parquet',
  summaries: numbers.map((row) => `third ${row} is one that nobody likes much.`),
};

export type SheetRow = Record<string, string | null>;

/** Our own reader of tables reads a sheet as it reads any CSV file. */
export async function rowsOf(file: string): Promise<SheetRow[]> {
  return (await (await readTable(file)).collect()) as SheetRow[];
}

const quoted = (cell: string | null) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`);

export function save(file: string, rows: readonly SheetRow[], { delimiter = ',', end = '\n', start = '' } = {}): void {
  const names = Object.keys(rows[0]);
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  writeFileSync(file, start + lines.map((cells) => cells.map(quoted).join(delimiter) + end).join(''));
}

/** A person who likes the good one best and says so. */
export function rated(rows: readonly SheetRow[]): SheetRow[] {
  const likes = (text: string) => (text.startsWith('The good one') ? 2 : text.startsWith('third') ? 0 : 1);
  return rows.map((row) => {
    const order = likes(row.summary_1!) - likes(row.summary_2!);
    return { ...row, better: order > 0 ? '1' : order < 0 ? '2' : '=' };
  });
}

export async function refusal(promise: Promise<unknown>): Promise<PrecisError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PrecisError);
  return error as PrecisError;
}
