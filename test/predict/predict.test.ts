import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dictionary, Int32, Utf8, Vector, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { concat, lit, loadModel, type Model, tableFromRows } from '../../src/index.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-predict-'));
const folder = path.join(scratch, 'model');
process.env.PRECIS_HOME = path.join(scratch, 'home');

const TEXTS = ['people make water', 'from time to time', 'light goes over small water', 'people make water'];
const HOW = { numBeams: 1, minNewTokens: 4, maxNewTokens: 8 };

let model: Model;
let expected: string[];
beforeAll(async () => {
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny' });
  model = await loadModel(folder);
  expected = (await model.generateTexts(TEXTS, HOW)).results.map(({ text }) => text);
});
afterAll(async () => {
  await model.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('predict', () => {
  it('one text, and a list of texts', async () => {
    expect(expected.every((text) => text.length > 0)).toBe(true);
    expect(await model.predict(TEXTS[0], HOW)).toBe(expected[0]);
    expect(await model.predict(TEXTS, HOW)).toEqual(expected);
    expect(await model.predict([], HOW)).toEqual([]);
    const prefix = 'water ';
    const { results } = await model.generateTexts([TEXTS[1]], HOW, { prefix });
    expect(await model.predict(TEXTS[1], { ...HOW, prefix })).toBe(results[0].text);
  });

  it('a vector of several chunks, of any kind of text', async () => {
    const first = vectorFromArray([TEXTS[0], null, TEXTS[1]], new Utf8());
    const second = vectorFromArray([null, TEXTS[2], TEXTS[3]], new Utf8());
    const both = new Vector([...first.data, ...second.data]);
    expect([...(await model.predict(both, HOW))]).toEqual([
      expected[0],
      null,
      expected[1],
      null,
      expected[2],
      expected[3],
    ]);
    expect([...(await model.predict(both.slice(2, 5), HOW))]).toEqual([expected[1], null, expected[2]]);
    const dictionary = vectorFromArray([TEXTS[0], TEXTS[1], TEXTS[0]], new Dictionary(new Utf8(), new Int32()));
    expect([...(await model.predict(dictionary, HOW))]).toEqual([expected[0], expected[1], expected[0]]);
    const nothing = await model.predict(vectorFromArray([null, null], new Utf8()), HOW);
    expect([...nothing]).toEqual([null, null]);
    expect((await model.predict(vectorFromArray([], new Utf8()), HOW)).length).toBe(0);
  });

  it('a vector as another type, rows that fail as asked', async () => {
    const vector = vectorFromArray([TEXTS[2], 'go', null], new Utf8());
    const strict = { ...HOW, maxInputTokens: 5, longDocuments: 'error' } as const;
    await expect(model.predict(vector, strict)).rejects.toThrow(/^\[input\] row 1: the text has \d+ tokens.*onError/);
    // Of a list there is no such choice.
    await expect(model.predict([TEXTS[2]], strict)).rejects.toThrow(/^\[input\] row 1: the text has (?!.*onError)/);
    const kept = await model.predict(vector, { ...strict, onError: 'null' });
    expect([...kept].map((value) => value === null)).toEqual([true, false, true]);
    const structs = await model.predict(vector, { ...strict, resultType: 'struct', onError: 'struct' });
    expect(structs.get(0).error.code).toBe('input');
    const [vectorOfText] = await model.embed(['go']);
    const vectors = await model.predict(vector.slice(1, 2), { resultType: 'double[]' });
    expect([...vectors.get(0)]).toEqual([...vectorOfText]);
  });

  it('a table, when it is collected', async () => {
    const rows = TEXTS.map((document, id) => ({ id, document }));
    const table = await model.predict(tableFromRows(rows), { text: 'document', workers: 2, ...HOW });
    expect(await table.collect()).toEqual(rows.map((row, id) => ({ ...row, generated_summary: expected[id] })));
    const named = await model.predict(tableFromRows(rows), {
      text: concat(lit(''), 'document'),
      column: 'short',
      workers: 1,
      ...HOW,
    });
    expect(named.schema.names).toEqual(['id', 'document', 'short']);
    await expect(model.predict(tableFromRows(rows), { text: 'documents' })).rejects.toThrow('did you mean document?');
    await expect(model.predict(tableFromRows(rows), {} as { text: string })).rejects.toThrow(
      '[usage] a function over texts was given undefined',
    );
  });

  it.each<[unknown, object, string]>([
    [42, {}, '[input] predict was given 42, expected a text, a list of texts'],
    [null, {}, 'predict was given null'],
    [['a', 3], {}, '[input] text 1 is 3, expected a text'],
    ['a', { numBeam: 2 }, 'did you mean numBeams?'],
    ['a', { resultType: 'struct' }, 'unknown option resultType'],
    ['a', { numBeams: 2, numReturnSequences: 2 }, "expected resultType 'string[]'"],
    [vectorFromArray([1, 2], new Int32()), {}, '[column] the vector is of type Int32, expected a vector of text'],
  ])('refuses %j with %j', async (input, options, message) => {
    await expect(model.predict(input as string, options)).rejects.toThrow(message);
  });
});
