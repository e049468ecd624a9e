import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Field, makeData, Schema, Utf8 } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openModel } from '../../src/predict/openModel.js';
import type { LoadedModel } from '../../src/predict/types.js';
import { batchUdf } from '../../src/predict/udf.js';
import type { UdfOptions } from '../../src/predict/udfTypes.js';
import { batchOf } from '../../src/table/columns.js';

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
  const { results } = await withModel((model) => model.generateTexts(TEXTS, GENERATION));
  expected = results.map(({ text }) => text);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const value of values) list.push(value);
  return list;
}

async function withModel<Value>(use: (model: LoadedModel) => Promise<Value>): Promise<Value> {
  const model = await openModel(folder);
  try {
    return await use(model);
  } finally {
    await model.close();
  }
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

describe('what a text becomes', () => {
  const SHOWN = [TEXTS[3], null, TEXTS[20], ''];

  it('a list of several results', async () => {
    const options = { numBeams: 3, numReturnSequences: 2, maxNewTokens: 8 };
    const found = await answers(SHOWN, { ...options, resultType: 'string[]' });
    const { results } = await withModel((model) => model.generateTexts([TEXTS[3], TEXTS[20], ''], options));
    const lists = [results.slice(0, 2), results.slice(2, 4), results.slice(4)].map((list) =>
      list.map(({ text }) => text),
    );
    expect(found).toEqual([lists[0], null, lists[1], lists[2]]);
  });

  it('a struct of the result and what is known of it', async () => {
    const options = { numBeams: 2, maxNewTokens: 8, maxInputTokens: 12 };
    const found = await answers(SHOWN, { ...options, resultType: 'struct', warn: false });
    const { numBeams, maxNewTokens } = options;
    const { results } = await withModel((model) =>
      model.generateTexts([TEXTS[3], TEXTS[20], ''], { numBeams, maxNewTokens }, { maxInputTokens: 12 }),
    );
    const structs = results.map((result) => ({
      summary: result.text,
      input_tokens: result.inputTokens,
      output_tokens: result.outputTokens,
      truncated: result.truncated,
      finish_reason: result.finishReason,
      score: expect.closeTo(result.score!, 4),
      chunks: 1,
      error: null,
    }));
    expect(structs.map(({ truncated }) => truncated)).toContain(true);
    expect(found).toEqual([structs[0], null, structs[1], structs[2]]);
  });

  it('a vector', async () => {
    await using udf = await batchUdf(folder, { resultType: 'double[]', workers: 2 });
    const found = await all(udf.over(SHOWN));
    const vectors = await withModel((model) => model.embed([TEXTS[3], TEXTS[20], '']));
    expect(found).toEqual([[...vectors[0]], null, [...vectors[1]], [...vectors[2]]]);
    expect(udf.stats).toMatchObject({ rows: 4, nulls: 1, outputTokens: 0 });
    expect(udf.stats.inputTokens).toBeGreaterThan(20);
  });

  it('the same by either spelling of map-reduce', async () => {
    const options = { maxInputTokens: 16, resultType: 'struct', warn: false } as const;
    const [inParts] = await answers([TEXTS[5]], { ...options, longDocuments: 'map-reduce' });
    expect((inParts as { chunks: number }).chunks).toBeGreaterThan(1);
    expect(await answers([TEXTS[5]], { ...options, longDocuments: 'mapReduce' })).toEqual([inParts]);
  });

  it('equal for equal texts, sampled or not, computed once or not', async () => {
    const sampling = { numBeams: 1, doSample: true, seed: 7, temperature: 2, maxNewTokens: 12 };
    const texts = [...TEXTS.slice(0, 20), ...TEXTS.slice(0, 20)];
    const once = await answers(texts, { ...sampling, workers: 2, partitionRows: 3 });
    expect(once.slice(20)).toEqual(once.slice(0, 20));
    expect(await answers(texts, { ...sampling, dedupe: false })).toEqual(once);
  });
});

describe('rows that fail', () => {
  const LONG = TEXTS[5];
  const SOME = ['go', LONG, null, 'over', LONG, 'light'];
  const STRICT = { maxInputTokens: 12, longDocuments: 'error', workers: 2, partitionRows: 2 } as const;
  const REASON = /^\[input\] the text has \d+ tokens, expected at most 12/;

  it('fail the call by default, named by the first of them', async () => {
    const failing = answers(SOME, STRICT);
    await expect(failing).rejects.toThrow(
      /^\[input\] row 2: the text has \d+ tokens, expected at most 12; set longDocuments/,
    );
    await expect(answers(SOME, STRICT)).rejects.not.toThrow(LONG);
  });

  it('become null, and nobody else suffers', async () => {
    await using udf = await batchUdf(folder, { ...GENERATION, ...STRICT, onError: 'null' });
    const found = await all(udf.over(SOME));
    const { results } = await withModel((model) => model.generateTexts(['go', 'over', 'light'], GENERATION));
    const [go, over, light] = results.map(({ text }) => text);
    expect(found).toEqual([go, null, null, over, null, light]);
    expect(udf.stats).toMatchObject({ rows: 6, nulls: 1, failed: 2, duplicates: 1 });
    expect(udf.stats.failures).toEqual([
      { row: 2, reason: expect.stringMatching(REASON) },
      { row: 5, reason: expect.stringMatching(REASON) },
    ]);
  });

  it('say why in a struct, without a word of the text', async () => {
    const found = await answers(SOME, { ...STRICT, resultType: 'struct', onError: 'struct' });
    expect(found[2]).toBeNull();
    expect(found[1]).toEqual({
      summary: null,
      input_tokens: null,
      output_tokens: null,
      truncated: null,
      finish_reason: null,
      score: null,
      chunks: null,
      error: { code: 'input', message: expect.stringMatching(/^the text has \d+ tokens/) },
    });
    expect(found[4]).toEqual(found[1]);
    expect(found[5]).toMatchObject({ error: null });
  });

  it('of vectors too', async () => {
    const found = await answers(SOME, { ...STRICT, resultType: 'double[]', onError: 'null' });
    expect(found.map((vector) => vector === null)).toEqual([false, true, true, false, true, false]);
  });

  it('that are not UTF-8 fail as others do', async () => {
    const bytes = new Uint8Array([0x67, 0x6f, 0xc3, 0x28, 0x6f]);
    const valueOffsets = new Int32Array([0, 2, 4, 5]);
    const column = makeData({ type: new Utf8(), length: 3, nullCount: 0, valueOffsets, data: bytes });
    const batch = batchOf(new Schema([new Field('text', new Utf8(), false)]), [column], 3);
    await using udf = await batchUdf('builtin:echo', { onError: 'null', workers: 1 });
    const [out] = await all(udf.over([batch], { text: 'text' }));
    expect([...out.getChild('generated_summary')!]).toEqual(['go', null, 'o']);
    expect(udf.stats.failures).toEqual([{ row: 2, reason: expect.stringContaining('not valid UTF-8') }]);
  });
});

describe('texts that are cut', () => {
  it('are counted row by row and told once', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    try {
      await using udf = await batchUdf(folder, { ...GENERATION, maxInputTokens: 8, workers: 2, partitionRows: 4 });
      const texts = [...TEXTS.slice(0, 10), 'go', null, ...TEXTS.slice(0, 10)];
      await all(udf.over(texts));
      const limit = { maxInputTokens: 8 };
      const { results } = await withModel((model) => model.generateTexts(TEXTS.slice(0, 10), GENERATION, limit));
      const cut = 2 * results.filter(({ truncated }) => truncated).length;
      expect(cut).toBeGreaterThan(4);
      expect(udf.stats.truncated).toBe(cut);
      await new Promise(setImmediate);
      expect(warnings.map(({ message }) => message)).toEqual([`${cut} texts were cut to what the model reads`]);
    } finally {
      process.off('warning', listen);
    }
  });
});

describe('what is refused before anything starts', () => {
  it.each<[UdfOptions, string]>([
    [{ numBeam: 4 } as UdfOptions, 'did you mean numBeams?'],
    [
      { resultType: 'text' as 'string' },
      'option resultType is "text", expected one of string, string[], struct, double[]',
    ],
    [{ onError: 'skip' as 'null' }, 'option onError is "skip", expected one of fail, null, struct'],
    [{ onError: 'struct' }, "onError 'struct' with resultType 'string', expected resultType 'struct'"],
    [{ numReturnSequences: 2 }, "numReturnSequences 2 with resultType 'string', expected resultType 'string[]'"],
    [{ resultType: 'double[]', longDocuments: 'map-reduce' }, "longDocuments 'map-reduce' with resultType 'double[]'"],
    [{ workers: 0 }, 'option workers is 0, expected a whole number of at least 1'],
    [{ devices: ['cuda:0'] }, 'engines run on the CPU in this version'],
    [{ numBeams: 1.5 }, 'option numBeams is 1.5'],
    [{ temperature: 2 }, 'temperature 2 has no effect here, expected doSample true'],
    [{ maxInputTokens: 0 }, 'option maxInputTokens is 0'],
    [{ hangSeconds: 1e9 }, 'option hangSeconds is 1000000000, expected a number above 0, at most 2000000'],
    [{ workers: 5000 }, 'option workers is 5000, expected a whole number from 1 to 1024'],
  ])('%j', async (options, message) => {
    await expect(batchUdf(folder, options)).rejects.toThrow(message);
  });

  it.each<[string, UdfOptions, string]>([
    ['no/such/folder', {}, 'no/such/folder'],
    ['models:/main.default.summarizer@champion', {}, 'models of the registry'],
    ['builtin:nothing', {}, 'builtin:nothing'],
    ['builtin:echo', { resultType: 'double[]' }, 'it has no weights'],
  ])('%s %j', async (uri, options, message) => {
    await expect(batchUdf(uri, options)).rejects.toThrow(message);
  });

  it('a function that was closed', async () => {
    const udf = await batchUdf('builtin:echo');
    await udf.close();
    await expect(all(udf.over(['a']))).rejects.toThrow('[function] the function was closed; make another');
  });
});
