import fs from 'node:fs';
import { PrecisError } from '../../errors.js';
import { outputProblem } from '../../table/output/outputProblem.js';
import type { Evaluation } from '../types.js';
import { cutToCell, fitsCell, inert, textHash } from './cells.js';
import { type DrawnPair, drawPairs, summaryOf } from './drawPairs.js';
import { type KeyPair, keyFileOf, makeKey } from './key.js';
import { COMPARED_METRICS, type SheetOptions, type WrittenSheet } from './types.js';

/** Excel takes a file without it for the code page of its country. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A sheet of blinded pairs of summaries for a person to rate, `1`, `2` or `=` in the column `better`, and its key beside it. Neither
 * replaces a file: ratings are work.
 */
export async function writeSheet(evaluation: Evaluation, file: string, options: SheetOptions): Promise<WrittenSheet> {
  checkOptions(options);
  const { pairs, identical } = drawPairs(evaluation, options);
  const contents = pairs.map((pair) => contentOf(evaluation, pair));
  const columns = Object.keys(contents[0]);
  const sheet = [
    ['id', ...columns, 'better', 'comment'],
    ...contents.map((content, i) => [pairs[i].id, ...columns.map((name) => inert(content[name])), '', '']),
  ];
  const { input, date, candidates } = evaluation;
  const key = makeKey({
    input,
    seed: options.seed,
    date,
    candidates: candidates.map(({ name }) => name),
    pairs: pairs.map((pair, i) => keyPair(evaluation, pair, contents[i])),
  });
  const keyFile = keyFileOf(file);
  writeNew(keyFile, key);
  try {
    writeNew(file, BYTE_ORDER_MARK + sheet.map(csvLine).join(''));
  } catch (error) {
    fs.rmSync(keyFile, { force: true });
    throw error;
  }
  const whole = pairs.flatMap((pair) => Object.values(textsOf(evaluation, pair)));
  return { file, keyFile, pairs: pairs.length, identical, cut: whole.filter((text) => !fitsCell(text)).length };
}

function checkOptions({ count, seed }: SheetOptions): void {
  const refuse = (found: string, expected: string) => {
    throw new PrecisError('usage', { found, expected });
  };
  if (!Number.isSafeInteger(count) || count < 1) refuse(`${count} pairs to rate`, 'a whole number of at least 1');
  if (!Number.isSafeInteger(seed) || seed < 0) refuse(`the seed is ${seed}`, 'a whole number of at least 0');
}

type Content = Readonly<Record<string, string>>;

/** By column, in the sheet's order. The reference is shown unless it is one of the two. */
function textsOf(evaluation: Evaluation, { index, sides }: DrawnPair): Content {
  const { source, reference } = evaluation.texts[index];
  const shown: Record<string, string> = { text: source ?? '' };
  if (evaluation.referenceColumn !== null && !sides.includes(null)) shown.reference = reference ?? '';
  shown.summary_1 = summaryOf(evaluation, index, sides[0]) ?? '';
  shown.summary_2 = summaryOf(evaluation, index, sides[1]) ?? '';
  return shown;
}

function contentOf(evaluation: Evaluation, pair: DrawnPair): Content {
  const cells = Object.entries(textsOf(evaluation, pair)).map(([name, text]) => [name, cutToCell(text)] as const);
  return Object.fromEntries(cells);
}

function keyPair({ candidates }: Evaluation, { id, index, sides }: DrawnPair, content: Content): KeyPair {
  const scoresOf = (side: number | null) => (side === null ? null : candidates[side].rows[index].scores);
  const [first, second] = sides.map(scoresOf);
  const scores = COMPARED_METRICS.flatMap((metric) => {
    const values = [first?.[metric] ?? null, second?.[metric] ?? null];
    return values.includes(null) ? [] : [[metric, values as [number, number]] as const];
  });
  const nameOf = (side: number | null) => (side === null ? null : candidates[side].name);
  return {
    id,
    // All candidates went over the same rows of the table.
    row: candidates[0].rows[index].row,
    sides: [nameOf(sides[0]), nameOf(sides[1])],
    hashes: Object.fromEntries(Object.entries(content).map(([name, text]) => [name, textHash(text)])),
    scores: Object.fromEntries(scores),
  };
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function writeNew(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new PrecisError('output', {
        found: `${file} is there already`,
        expected: 'a new name: a sheet may hold ratings, and its key belongs to it',
        action: 'choose another name, or move the old sheet and its key away',
      });
    }
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new PrecisError('output', {
        found: `the folder of ${file} is not there`,
        expected: 'a folder to write into',
      });
    }
    fs.rmSync(file, { force: true });
    throw outputProblem(error, file);
  }
}
