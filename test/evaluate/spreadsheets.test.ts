import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSheet } from '../../src/evaluate/rating/readSheet.js';
import type { Ratings } from '../../src/evaluate/rating/types.js';
import { writeSheet } from '../../src/evaluate/rating/writeSheet.js';
import { describePython, hasModule, runPython } from '../python.js';
import { evaluationOf } from './evaluations.js';
import { bad, good, REFERENCES, ROWS, rated, rowsOf, type SheetRow, SOURCES, save } from './sheets.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-spreadsheets-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;
const newFile = () => path.join(scratch, `sheet-${++files}.csv`);

describe('a sheet saved by another program', () => {
  const evaluation = evaluationOf(SOURCES, REFERENCES, [good, bad]);

  async function sheet(): Promise<{ file: string; rows: SheetRow[] }> {
    const file = newFile();
    await writeSheet(evaluation, file, { count: ROWS, seed: 9 });
    return { file, rows: await rowsOf(file) };
  }

  const changes: readonly (readonly [string, (file: string, rows: SheetRow[]) => void])[] = [
    ['LibreOffice in Germany', (file, rows) => save(file, rows, { delimiter: ';', end: '\r\n' })],
    ['Excel in UTF-8', (file, rows) => save(file, rows, { delimiter: ';', end: '\r\n', start: '\uFEFF' })],
    ['tabs', (file, rows) => save(file, rows, { delimiter: '\t' })],
    ['old line ends', (file, rows) => save(file, rows, { end: '\r' })],
    [
      'sorted rows',
      (file, rows) =>
        save(
          file,
          [...rows].sort((a, b) => (a.id! < b.id! ? -1 : 1)),
        ),
    ],
    [
      'other columns',
      (file, rows) =>
        save(
          file,
          rows.map((row) => Object.fromEntries([['Notes', 'mine'], ...Object.entries(row).reverse()])),
        ),
    ],
    [
      'capitals',
      (file, rows) =>
        save(
          file,
          rows.map(({ id, better, ...row }) => ({ ' ID': id!.toUpperCase(), Better: better, ...row })),
        ),
    ],
    [
      'line ends in cells',
      (file, rows) =>
        save(
          file,
          rows.map((row) => ({ ...row, text: row.text!.replace(/\r\n/g, '\n') })),
        ),
    ],
    [
      'apostrophes swallowed',
      (file, rows) =>
        save(
          file,
          rows.map((row) =>
            Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell!.replace(/^'/, '')])),
          ),
        ),
    ],
    [
      'numbers as floats',
      (file, rows) =>
        save(
          file,
          rows.map((row) => ({ ...row, better: `${row.better}.0` })),
        ),
    ],
    [
      'wide characters',
      (file, rows) =>
        save(
          file,
          rows.map((row) => ({ ...row, better: row.better === '1' ? '１' : ' ２ ' })),
        ),
    ],
    [
      'empty rows and columns without a name',
      (file, rows) => {
        save(file, rows);
        const empty = `${','.repeat(8)}\n`;
        const lines = readFileSync(file, 'utf8').replace('"comment"\n', '"comment",,\n');
        writeFileSync(file, `${lines}${empty}\n${empty}`);
      },
    ],
    // As Excel does now and then where a row's last cells are empty.
    [
      'rows that end early',
      (file, rows) => {
        save(file, rows);
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(',""\n', '\n'));
      },
    ],
  ];

  it.each(changes)('survives %s', async (_program, change) => {
    const { file, rows } = await sheet();
    const before = rated(rows);
    save(file, before);
    const expected = await readSheet(file);
    expect(expected.pairs[0]).toMatchObject({ wins: ROWS, losses: 0 });
    change(file, before);
    const found = await readSheet(file);
    const byId = ({ rows, ...rest }: Ratings) => ({ ...rest, rows: [...rows].sort((a, b) => (a.id < b.id ? -1 : 1)) });
    expect(byId(found)).toEqual(byId(expected));
  });

  const EDIT = `
import csv, random, sys
file, delimiter, encoding, end = sys.argv[1:]
with open(file, encoding="utf-8-sig", newline="") as stream:
    rows = list(csv.DictReader(stream))
for row in rows:
    for name in ("text", "reference", "summary_1", "summary_2"):
        assert row[name].lstrip()[:1] not in "=+-@", row[name]
    row["better"] = "1" if row["summary_1"].startswith("The good one") else "2"
random.Random(1).shuffle(rows)
names = list(reversed(rows[0]))
with open(file, "w", encoding=encoding, newline="") as stream:
    writer = csv.DictWriter(stream, names, delimiter=delimiter, lineterminator=end.encode().decode("unicode_escape"))
    writer.writeheader()
    writer.writerows(rows)
print(len(rows))
`;

  describePython('edited by Python', () => {
    it.each([
      [',', 'utf-8', '\\r\\n'],
      [';', 'utf-8-sig', '\\r\\n'],
      ['\t', 'utf-8', '\\n'],
    ])("is read from its csv module's %j, %s, %s", async (delimiter, encoding, end) => {
      const { file } = await sheet();
      expect(Number(runPython(EDIT, [file, delimiter, encoding, end]))).toBe(ROWS);
      expect((await readSheet(file)).pairs[0]).toMatchObject({ one: good.name, wins: ROWS, losses: 0, ties: 0 });
    });

    it.skipIf(!hasModule('pandas'))('is read from pandas, which makes ratings floats', async () => {
      const { file } = await sheet();
      const edit = `
import pandas, sys
table = pandas.read_csv(sys.argv[1])
table["better"] = [1.0 if text.startswith("The good one") else 2.0 for text in table["summary_1"]]
table.loc[0, "better"] = None
table.to_csv(sys.argv[1])
`;
      runPython(edit, [file]);
      expect(await readSheet(file)).toMatchObject({
        rated: ROWS - 1,
        unrated: 1,
        pairs: [{ wins: ROWS - 1, losses: 0 }],
      });
    });
  });
});
