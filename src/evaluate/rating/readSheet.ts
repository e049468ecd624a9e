import { PrecisError } from '../../errors.js';
import { isUnchanged } from './cells.js';
import { type KeyPair, readKey } from './key.js';
import { readSheetRows, type SheetRow } from './sheetRows.js';
import { type Rating, ratingsOf } from './tally.js';
import type { Ratings } from './types.js';

interface Problem {
  readonly row: number;
  readonly found: string;
  readonly expected: string;
}

/** What a person made of a sheet, told by candidate again. Rows without a rating are skipped; any other that does not fit its key is refused. */
export async function readSheet(file: string): Promise<Ratings> {
  const key = readKey(file);
  const byId = new Map(key.pairs.map((pair) => [pair.id, pair]));
  const texts = Object.keys(key.pairs[0]?.hashes ?? {});
  const rows = await readSheetRows(file, ['id', ...texts, 'better']);
  const problems: Problem[] = [];
  const ratings: Rating[] = [];
  const rowOfId = new Map<string, number>();
  for (const row of rows) {
    const place = placeOf(row.cells.better);
    if (place === 'empty') continue;
    const id = row.cells.id.trim().toLowerCase();
    const pair = byId.get(id);
    const problem = problemOf(row, pair, rowOfId.get(id));
    if (problem) problems.push({ row: row.row, ...problem });
    rowOfId.set(id, row.row);
    if (pair && place !== undefined) ratings.push({ pair, place, comment: row.cells.comment.trim() });
  }
  if (problems.length > 0) throw refused(file, problems);
  return ratingsOf(file, key, ratings);
}

/** 0 for summary_1, 1 for summary_2, null for neither; undefined if it is none of what can be said. */
function placeOf(better: string): 0 | 1 | null | 'empty' | undefined {
  // Wide characters and apostrophes come from keyboards and habit, 1.0 from programs that take the column for numbers.
  const said = better
    .normalize('NFKC')
    .trim()
    .replace(/^'/, '')
    .replace(/^([12])\.0+$/, '$1');
  if (said === '') return 'empty';
  return said === '=' ? null : said === '1' ? 0 : said === '2' ? 1 : undefined;
}

function problemOf(
  { cells }: SheetRow,
  pair: KeyPair | undefined,
  before: number | undefined,
): Omit<Problem, 'row'> | null {
  const shown = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
  if (!pair) return { found: `the id ${shown(cells.id)} is not in the key`, expected: 'an id as it was written' };
  if (before !== undefined) {
    return { found: `the id ${pair.id} stands in row ${before} too`, expected: 'each pair once' };
  }
  const changed = Object.keys(pair.hashes).find((name) => !isUnchanged(cells[name], pair.hashes[name]));
  if (changed !== undefined) {
    const found = `the ${changed.replace('_', ' ')} is not what was written: ${shown(cells[changed])}`;
    return { found, expected: 'the texts unchanged: a rating is of these very words' };
  }
  if (placeOf(cells.better) !== undefined) return null;
  return { found: `better is ${shown(cells.better)}`, expected: '1, 2, = or nothing' };
}

function refused(file: string, [first, ...others]: readonly Problem[]): PrecisError {
  const more = others.length === 0 ? '' : ` (and ${others.length} ${others.length === 1 ? 'row' : 'rows'} more)`;
  return new PrecisError('input', {
    found: `${file} row ${first.row}: ${first.found}${more}`,
    expected: first.expected,
    details: others.map(({ row, found, expected }) => `row ${row}: ${found}, expected ${expected}`),
  });
}
