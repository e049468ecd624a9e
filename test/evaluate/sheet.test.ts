import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inert, verbatim } from '../../src/evaluate/rating/cells.js';
import { readSheet } from '../../src/evaluate/rating/readSheet.js';
import { writeSheet } from '../../src/evaluate/rating/writeSheet.js';
import { evaluationOf } from './evaluations.js';
import { bad, DANGEROUS, good, REFERENCES, ROWS, rated, refusal, rowsOf, SOURCES, save, third } from './sheets.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-sheet-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;
const newFile = () => path.join(scratch, `sheet-${++files}.csv`);

describe('a sheet', () => {
  const evaluation = evaluationOf(SOURCES, REFERENCES, [good, bad]);

  it('shows texts and blinded summaries, and the key says whose they are', async () => {
    const file = newFile();
    const written = await writeSheet(evaluation, file, { count: 10, seed: 4 });
    expect(written).toEqual({ file, keyFile: `${file}.key.json`, pairs: 10, identical: 0, cut: 0 });

    const bytes = readFileSync(file, 'utf8');
    expect(bytes.startsWith('\uFEFF"id","text","reference","summary_1","summary_2","better","comment"\r\n')).toBe(true);
    for (const { name } of [good, bad]) expect(bytes).not.toContain(name);
    const rows = await rowsOf(file);
    expect(rows).toHaveLength(10);
    const key = JSON.parse(readFileSync(written.keyFile, 'utf8'));
    for (const [i, row] of rows.entries()) {
      expect(row.id).toMatch(/^[bcdfghjkmnpqrstvwxz]{6}$/);
      const pair = key.pairs[i];
      expect(pair.id).toBe(row.id);
      const index = pair.row / 10;
      expect(verbatim(row.text!)).toBe(SOURCES[index]);
      expect(verbatim(row.reference!)).toBe(REFERENCES[index]);
      const summaries = { 'models/good': good.summaries[index], 'models/bad': bad.summaries[index] };
      expect(new Set(pair.sides)).toEqual(new Set(Object.keys(summaries)));
      expect(verbatim(row.summary_1!)).toBe(summaries[pair.sides[0] as keyof typeof summaries]);
      expect(verbatim(row.summary_2!)).toBe(summaries[pair.sides[1] as keyof typeof summaries]);
      expect([row.better, row.comment]).toEqual(['', '']);
    }
    // Each stands first in half of the rows, in no order that a reader could guess from the rows' own.
    expect(key.pairs.filter((pair: { sides: string[] }) => pair.sides[0] === good.name)).toHaveLength(5);
    const order = key.pairs.map((pair: { row: number }) => pair.row);
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });

  it('is the same for the same seed, and another for another', async () => {
    const [one, same, other] = [newFile(), newFile(), newFile()];
    await writeSheet(evaluation, one, { count: 8, seed: 4 });
    await writeSheet(evaluation, same, { count: 8, seed: 4 });
    await writeSheet(evaluation, other, { count: 8, seed: 5 });
    expect(readFileSync(same, 'utf8')).toBe(readFileSync(one, 'utf8'));
    expect(readFileSync(other, 'utf8')).not.toBe(readFileSync(one, 'utf8'));
  });

  it('deals evenly among all pairs of three candidates', async () => {
    const file = newFile();
    await writeSheet(evaluationOf(SOURCES, null, [good, bad, third]), file, { count: 20, seed: 1 });
    const { pairs } = JSON.parse(readFileSync(`${file}.key.json`, 'utf8')) as {
      pairs: { sides: string[]; row: number }[];
    };
    const counts = new Map<string, number>();
    for (const { sides } of pairs)
      counts.set([...sides].sort().join(), (counts.get([...sides].sort().join()) ?? 0) + 1);
    expect([...counts.values()].sort()).toEqual([6, 7, 7]);
    expect(new Set(pairs.map(({ sides, row }) => [...sides].sort().join() + row)).size).toBe(20);
    expect(Object.keys((await rowsOf(file))[0])).not.toContain('reference');
  });

  it('sets one candidate against the references, which are not shown beside', async () => {
    const file = newFile();
    await writeSheet(evaluationOf(SOURCES, REFERENCES, [good]), file, { count: 100, seed: 1 });
    const rows = await rowsOf(file);
    expect(rows).toHaveLength(ROWS);
    expect(Object.keys(rows[0])).toEqual(['id', 'text', 'summary_1', 'summary_2', 'better', 'comment']);
    save(file, rated(rows));
    const { pairs } = await readSheet(file);
    expect(pairs).toMatchObject([{ one: 'models/good', other: 'the reference', wins: ROWS, losses: 0, ties: 0 }]);
  });

  it('leaves out what cannot be compared', async () => {
    const sources = ['a', null, 'c', 'd', 'e'];
    const one = { name: 'one', summaries: ['x', 'x', null, 'same', 'x'] };
    const two = { name: 'two', summaries: ['y', 'y', 'y', 'same', 'y'] };
    const file = newFile();
    const written = await writeSheet(evaluationOf(sources, null, [one, two]), file, { count: 5, seed: 0 });
    expect(written).toMatchObject({ pairs: 2, identical: 1 });
    expect((await rowsOf(file)).map(({ text }) => text).sort()).toEqual(['a', 'e']);
  });

  it('cuts what no cell can hold, and says so', async () => {
    const file = newFile();
    const long = evaluationOf(['w'.repeat(40_000)], null, [
      { name: 'one', summaries: ['x'] },
      { name: 'two', summaries: ['y'] },
    ]);
    expect(await writeSheet(long, file, { count: 1, seed: 0 })).toMatchObject({ cut: 1 });
    const rows = await rowsOf(file);
    expect(rows[0].text!.length).toBeLessThan(32_767);
    save(file, [{ ...rows[0], better: '=' }]);
    expect(await readSheet(file)).toMatchObject({ rated: 1 });
  });

  it.each([
    [evaluationOf(SOURCES, null, [good]), { count: 5, seed: 0 }, 'one candidate and no references'],
    [
      evaluationOf(['a'], null, [
        { name: 'a', summaries: ['x'] },
        { name: 'b', summaries: ['x'] },
      ]),
      { count: 1, seed: 0 },
      'no row has two different summaries (the same twice: 1)',
    ],
    [evaluation, { count: 0, seed: 0 }, '0 pairs to rate'],
    [evaluation, { count: 1.5, seed: 0 }, '1.5 pairs to rate'],
    [evaluation, { count: 1, seed: -1 }, 'the seed is -1'],
  ])('is refused where it makes no sense (%#)', async (wrong, options, message) => {
    const file = newFile();
    expect((await refusal(writeSheet(wrong, file, options))).message).toContain(message);
    await expect(readSheet(file)).rejects.toThrow('has no key');
  });

  it('never replaces a sheet or its key', async () => {
    const file = newFile();
    writeFileSync(file, 'work of a day');
    expect((await refusal(writeSheet(evaluation, file, { count: 1, seed: 0 }))).message).toContain('is there already');
    expect(readFileSync(file, 'utf8')).toBe('work of a day');
    expect(() => readFileSync(`${file}.key.json`)).toThrow();
    const nowhere = path.join(scratch, 'none', 'sheet.csv');
    expect((await refusal(writeSheet(evaluation, nowhere, { count: 1, seed: 0 }))).message).toContain('is not there');
  });
});

describe('cells', () => {
  it.each([...DANGEROUS, 'plain words', '', "''", "'=x", '12 March 2026', '－5'])(
    '%j is inert and comes back',
    (text) => {
      const cell = inert(text);
      expect(verbatim(cell)).toBe(text);
      expect(cell).not.toMatch(/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/);
      expect(cell).not.toMatch(/^(\d|true|\t)/i);
    },
  );

  it('leaves prose alone', () => {
    for (const text of ['The pump failed on 3 March and was replaced.', 'Fine', '"quoted"'])
      expect(inert(text)).toBe(text);
  });
});
