import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { HELD_OUT, TRAINED } from '../../scripts/corpus/splits.js';
import { pairsByGenre, somePairs, TICKETS } from '../../scripts/scores/pairs.js';
import { scoresReport } from '../../scripts/scores/report.js';
import { summarized } from '../../scripts/scores/summaries.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';

const home = mkdtempSync(join(tmpdir(), 'precis-scores-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the scores of a trained model', () => {
  it('are of as many documents of each genre', () => {
    const pairs = pairsByGenre('test', 'summarize', 3);
    expect([...pairs.keys()]).toEqual(TRAINED.map(({ name }) => name));
    for (const [genre, some] of pairs) expect(some.map((pair) => pair.genre)).toEqual([genre, genre, genre]);
    expect(new Set(somePairs('test', 'extract', 5, TICKETS).map(({ genre }) => genre))).toEqual(new Set([TICKETS]));
  });

  it('say of the first three sentences that all their numbers are in the text', async () => {
    const { all } = await summarized('builtin:lead-3', {}, pairsByGenre('test', 'summarize', 2));
    expect(all.faithful).toBe(1);
    expect(all.rougeL).toBeGreaterThan(0.1);
    expect(all.rougeL).toBeLessThan(0.5);
  });

  it('come as tables with a row for each genre, and the card has a place for them', async () => {
    const folder = join(home, 'model');
    writeSeededCheckpoint({ out: folder, family: 't5-v1.1', seed: 3 });
    const report = await scoresReport(folder, { documents: 1, questions: 2, progress: () => {} });
    const rows = report.split('\n').filter((line) => line.startsWith('| '));
    for (const { name } of [...TRAINED, ...HELD_OUT]) {
      const cells = rows.find((row) => row.startsWith(`| ${name} |`))!.split(' | ');
      expect(Number(cells[4])).toBeGreaterThan(0);
    }
    expect(report).not.toMatch(/undefined|NaN/);
    const card = readFileSync(fileURLToPath(new URL('../../models/precis-tiny/README.md', import.meta.url)), 'utf8');
    expect(card.indexOf('<!-- end of scores -->')).toBeGreaterThan(card.indexOf('<!-- scores -->'));
  });
});
