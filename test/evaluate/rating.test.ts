import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSheet } from '../../src/evaluate/rating/readSheet.js';
import { writeSheet } from '../../src/evaluate/rating/writeSheet.js';
import { evaluationOf } from './evaluations.js';
import {
  bad,
  good,
  numbers,
  REFERENCES,
  ROWS,
  rated,
  refusal,
  rowsOf,
  type SheetRow,
  SOURCES,
  save,
} from './sheets.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-rating-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;
const newFile = () => path.join(scratch, `sheet-${++files}.csv`);

describe('a rated sheet', () => {
  const scores = (values: readonly number[]) =>
    values.map((rougeL) => ({ rougeL, judge: rougeL === 0.5 ? null : rougeL }));
  // ROUGE-L is with the person in the first eight rows, against in three, undecided in one.
  const evaluation = evaluationOf(SOURCES, REFERENCES, [
    { ...good, scores: scores(numbers.map((row) => (row < 8 ? 0.9 : row < 11 ? 0.1 : 0.5))) },
    { ...bad, scores: scores(numbers.map(() => 0.5)) },
  ]);

  async function sheet(): Promise<{ file: string; rows: SheetRow[] }> {
    const file = newFile();
    await writeSheet(evaluation, file, { count: ROWS, seed: 9 });
    return { file, rows: await rowsOf(file) };
  }

  it('is told by candidate again', async () => {
    const { file, rows } = await sheet();
    const ratings = rated(rows);
    // Two are undecided, one is the other way round, one is not rated.
    ratings[0].better = '=';
    ratings[1].better = "'=";
    ratings[2].better = ratings[2].better === '1' ? '2' : '1';
    ratings[2].comment = ' too long ';
    ratings[3].better = null;
    save(file, ratings);
    const found = await readSheet(file);
    const key = JSON.parse(readFileSync(`${file}.key.json`, 'utf8'));
    const first = ratings.slice(2).filter(({ better }) => better === '1').length;
    expect(found).toMatchObject({ sheet: file, rated: 11, unrated: 1 });
    expect(found.pairs).toEqual([
      {
        ...{ one: 'models/good', other: 'models/bad', wins: 8, losses: 1, ties: 2, p: expect.closeTo(0.0390625, 12) },
        winShare: { share: 8 / 9, low: expect.closeTo(0.565, 3), high: expect.closeTo(0.9801, 4), of: 9 },
      },
    ]);
    expect(found.firstBetter).toMatchObject({ share: first / 9, of: 9 });
    expect(found.rows).toHaveLength(11);
    expect(found.rows[2]).toEqual({
      ...{ id: rows[2].id, row: key.pairs[2].row, one: 'models/good', other: 'models/bad' },
      ...{ better: 'models/bad', comment: 'too long' },
    });
    expect(found.rows[0].better).toBeNull();
  });

  it('tells how far metrics agree', async () => {
    const { file, rows } = await sheet();
    save(file, rated(rows));
    const { agreement } = await readSheet(file);
    // The judge has no value of the bad ones, so it says nothing.
    expect(agreement).toMatchObject([{ metric: 'rougeL', share: 8 / 11, of: 11 }]);
  });

  const wrongs: readonly (readonly [string, (rows: SheetRow[]) => SheetRow[], string])[] = [
    [
      'a value that is none',
      (rows) => rows.with(1, { ...rows[1], better: '3' }),
      'row 3: better is "3", expected 1, 2, = or nothing',
    ],
    ['an unknown id', (rows) => rows.with(0, { ...rows[0], id: 'zzz' }), 'row 2: the id "zzz" is not in the key'],
    ['an id twice', (rows) => [...rows, rows[0]], `row ${ROWS + 2}: the id`],
    [
      'a changed summary',
      (rows) => rows.with(4, { ...rows[4], summary_1: 'Mine.' }),
      'row 6: the summary 1 is not what was written: "Mine."',
    ],
    [
      'a changed text',
      (rows) => rows.with(4, { ...rows[4], text: 'Mine.' }),
      'row 6: the text is not what was written',
    ],
    [
      'swapped summaries',
      (rows) => rows.with(4, { ...rows[4], summary_1: rows[4].summary_2, summary_2: rows[4].summary_1 }),
      'row 6: the summary 1 is not',
    ],
    ['no column', (rows) => rows.map(({ better: _, ...row }) => row), 'has no column better'],
  ];

  it.each(wrongs)('is refused for %s', async (_what, change, message) => {
    const { file, rows } = await sheet();
    save(file, change(rated(rows)));
    const { message: found, details } = await refusal(readSheet(file));
    expect(found).toContain(file);
    expect(found).toContain(message);
    expect(found).not.toContain('\n');
    expect(details).toEqual([]);
  });

  it('names every row that is wrong', async () => {
    const { file, rows } = await sheet();
    save(
      file,
      rated(rows).map((row, i) => (i < 3 ? { ...row, better: 'A' } : row)),
    );
    const { message, details } = await refusal(readSheet(file));
    expect(message).toContain('row 2: better is "A" (and 2 rows more)');
    expect(details).toEqual([
      'row 3: better is "A", expected 1, 2, = or nothing',
      'row 4: better is "A", expected 1, 2, = or nothing',
    ]);
  });

  it('does not mind what became of rows that are not rated', async () => {
    const { file, rows } = await sheet();
    save(
      file,
      rated(rows)
        .map((row, i) => (i < 3 ? { ...row, better: ' ', text: 'cut by a program' } : row))
        .slice(0, 8),
    );
    expect(await readSheet(file)).toMatchObject({ rated: 5, unrated: 7 });
    save(file, rows);
    expect(await readSheet(file)).toMatchObject({
      rated: 0,
      unrated: ROWS,
      pairs: [],
      agreement: [],
      firstBetter: null,
    });
  });

  it.each([
    ['{', 'it is no JSON'],
    ['[]', 'it holds no object'],
    ['{"version": 2}', 'its version is 2'],
    ['{"version": 1}', 'it names no candidates'],
    ['{"version": 1, "candidates": ["a"]}', 'it has no pairs'],
    ['{"version": 1, "candidates": ["a"], "pairs": [{"id": "x"}]}', 'its pair 1 is damaged'],
    [
      '{"version": 1, "candidates": ["a"], "pairs": [{"id": "x", "row": 1, "sides": ["a", "b"], "hashes": {}, "scores": {}}]}',
      'its pair 1 is damaged',
    ],
  ])('needs its key as it was: %s', async (key, message) => {
    const { file } = await sheet();
    writeFileSync(`${file}.key.json`, key);
    expect((await refusal(readSheet(file))).message).toContain(
      `${file}.key.json is not the key of a sheet: ${message}`,
    );
    rmSync(`${file}.key.json`);
    expect((await refusal(readSheet(file))).message).toContain(`${file} has no key`);
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFFid;better', 'utf16le'), 'UTF-16'],
    ['not in UTF-8', Buffer.from('id;text;reference;summary_1;summary_2;better\nü\n', 'latin1'), 'is not valid UTF-8'],
    ['no sheet', Buffer.from('a,b\n1,2\n'), 'has no column id, text, reference, summary_1, summary_2, better'],
    ['nothing', Buffer.from(''), 'has no column'],
  ])('is refused if it is %s', async (_what, bytes, message) => {
    const { file } = await sheet();
    writeFileSync(file, bytes);
    expect((await refusal(readSheet(file))).message).toContain(message);
    rmSync(file);
    expect((await refusal(readSheet(file))).message).toContain('there is no file');
  });
});
