import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openModel } from '../../src/predict/openModel.js';
import { batchUdf } from '../../src/predict/udf.js';
import type { UdfOptions } from '../../src/predict/udfTypes.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-udf-'));
const folder = path.join(scratch, 'model');
process.env.PRECIS_HOME = path.join(scratch, 'home');

const WORDS = 'people make water from time and light while small words go over long summer days'.split(' ');
/** Of many lengths, each one another. */
const TEXTS = Array.from({ length: 90 }, (_, i) =>
  Array.from({ length: 1 + ((i * 7) % 40) }, (_, j) => WORDS[(i * 5 + j * (j + i)) % WORDS.length]).join(' '),
);
const GENERATION = { numBeams: 1, maxNewTokens: 12 };

let expected: string[];
beforeAll(async () => {
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny' });
  const model = await openModel(folder);
  expected = (await model.generateTexts(TEXTS, GENERATION)).results.map(({ text }) => text);
  await model.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}

async function answers(texts: readonly (string | null)[], options: UdfOptions): Promise<unknown[]> {
  await using udf = await batchUdf(folder, { ...GENERATION, ...options });
  return await all(udf.over(texts));
}

describe('a pool gives what the model itself gives', () => {
  it('has something to compare', () => expect(new Set(expected).size).toBeGreaterThan(40));

  it.each<UdfOptions>([
    { workers: 1 },
    { workers: 2, partitionRows: 7 },
    { workers: 2, partitionRows: 1, dedupe: false },
    { workers: 4, partitionRows: 10 },
  ])('with %j', async (options) => {
    expect(await answers(TEXTS, options)).toEqual(expected);
  });
});
