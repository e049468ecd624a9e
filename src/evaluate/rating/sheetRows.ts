import { existsSync } from 'node:fs';
import { PrecisError } from '../../errors.js';
import { CsvRecords } from '../../table/textFiles/csvRecords.js';

export interface SheetRow {
  /** As a spreadsheet numbers it: the header is row 1. */
  readonly row: number;
  /** What its columns hold, by name; empty where the row ends before. */
  readonly cells: Readonly<Record<string, string>>;
}

/** What spreadsheets separate columns with, by country and choice. */
const DELIMITERS = [',', ';', '\t'];

/**
 * The rows of a rated sheet however a spreadsheet wrote it: any order of rows and columns, columns of one's own, empty rows. Not the reader of
 * tables, because Excel leaves out the empty cells at the end of some rows, and columns without a name are no table's.
 */
export async function readSheetRows(file: string, columns: readonly string[]): Promise<SheetRow[]> {
  if (!existsSync(file)) {
    throw new PrecisError('input', { found: `there is no file ${file}`, expected: 'a rated sheet: a CSV file' });
  }
  let found: string[] = [];
  let unreadable: unknown;
  for (const delimiter of DELIMITERS) {
    const records = await CsvRecords.open(file, { delimiter, header: true });
    try {
      let names: string[];
      try {
        names = await namesOf(records);
      } catch (error) {
        // With another delimiter it may not even parse.
        unreadable ??= error;
        continue;
      }
      if (names.length > found.length) found = names;
      if (columns.every((name) => names.includes(name))) return await rowsOf(records, names, columns);
    } finally {
      await records.close();
    }
  }
  if (found.length === 0 && unreadable) throw unreadable;
  const missing = columns.filter((name) => !found.includes(name));
  throw new PrecisError('input', {
    found: `${file} has no column ${missing.join(', ')}`,
    expected: `a first row with ${columns.join(', ')}, in any order`,
    action: 'save the sheet as CSV with all of its columns',
  });
}

async function namesOf(records: CsvRecords): Promise<string[]> {
  return (await records.first()) ? records.texts().map((name) => name.trim().toLowerCase()) : [];
}

async function rowsOf(records: CsvRecords, names: readonly string[], columns: readonly string[]): Promise<SheetRow[]> {
  const places = [...columns, 'comment'].map((name) => [name, names.indexOf(name)] as const);
  const rows: SheetRow[] = [];
  for (let row = 2; ; row++) {
    while (!records.advance()) if (!(await records.refill())) return rows;
    const texts = records.texts();
    if (texts.every((text) => text.trim() === '')) continue;
    const cells = Object.fromEntries(places.map(([name, place]) => [name, texts[place] ?? '']));
    rows.push({ row, cells });
  }
}
