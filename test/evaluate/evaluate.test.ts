import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { EvaluateOptions } from '../../src/evaluate/options.js';
import type { Candidate, Evaluation, Metric } from '../../src/evaluate/types.js';
import { loadModel } from '../../src/predict/loadModel.js';
import { tableFromRows } from '../../src/table/open.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-evaluate-'));
const folder = path.join(scratch, 'model');
process.env.PRECIS_HOME = path.join(scratch, 'home');
beforeAll(() => writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny' }));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const SCHEMA = new Schema([new Field('text', new Utf8(), true), new Field('good', new Utf8(), true)]);
type Row = readonly [text: string | null, good: string | null];

function tableOf(rows: readonly Row[]) {
  return tableFromRows(
    rows.map(([text, good]) => ({ text, good })),
    SCHEMA,
  );
}

/** In this thread's process: a hundred host processes would only take time. */
function evaluated(rows: readonly Row[], options: Partial<EvaluateOptions> = {}): Promise<Evaluation> {
  const modelOptions = { isolation: 'thread', workers: 1, ...options.modelOptions } as const;
  return evaluate(tableOf(rows), {
    text: 'text',
    reference: 'good',
    models: ['builtin:lead-1', 'builtin:echo'],
    ...options,
    modelOptions,
  });
}

function column({ rows }: Candidate, metric: Metric): (number | null)[] {
  return rows.map(({ scores }) => scores?.[metric] ?? null);
}

const NEWS: readonly Row[] = [
  ['The cat sat. It was late.', 'The cat sat.'],
  ['Rain fell on Oslo. Nobody minded 3 drops.', 'Snow fell on Oslo.'],
  [null, 'A reference without a text.'],
  ['No reference here. None.', null],
  ['One two three. Four.', 'Five six seven.'],
];

describe('a table is summarized and scored by every candidate', () => {
  let evaluation: Evaluation;
  beforeAll(async () => {
    evaluation = await evaluated(NEWS, { costPer1kTokens: 2 });
  });

  it('keeps every row, and scores those with a text', () => {
    const [lead, echo] = evaluation.candidates;
    expect(lead.rows.map(({ row, summary, error }) => [row, summary, error])).toEqual([
      [0, 'The cat sat.', null],
      [1, 'Rain fell on Oslo.', null],
      [2, null, null],
      [3, 'No reference here.', null],
      [4, 'One two three.', null],
    ]);
    expect(echo.rows.map(({ summary }) => summary)).toEqual(NEWS.map(([text]) => text));
    expect(lead.rows[2].scores).toBeNull();
    expect(evaluation.texts).toEqual(NEWS.map(([source, reference]) => ({ source, reference })));
  });

  it('has ROUGE where there is a reference', () => {
    const [lead, echo] = evaluation.candidates;
    // 3 of 4 words; 2 of 3 pairs.
    expect(column(lead, 'rouge1')).toEqual([1, 3 / 4, null, null, 0]);
    expect(column(lead, 'rouge2')).toEqual([1, 2 / 3, null, null, 0]);
    expect(column(echo, 'rougeL')[0]).toBeCloseTo((2 * (3 / 6) * 1) / (3 / 6 + 1), 12);
    expect(lead.estimates.rouge1).toMatchObject({ mean: (1 + 3 / 4 + 0) / 3, rows: 3 });
    expect(evaluation.ranking).toBe('rougeL');
  });

  it('compares with the first candidate, row by row', () => {
    const [lead, echo] = evaluation.candidates;
    expect(lead.differences).toBeNull();
    const [ours, theirs] = [column(echo, 'rouge1'), column(lead, 'rouge1')];
    const both = [0, 1, 4].map((row) => (ours[row] ?? 0) - (theirs[row] ?? 0));
    expect(echo.differences?.rouge1?.mean).toBeCloseTo(both.reduce((sum, one) => sum + one, 0) / 3, 12);
    expect(echo.differences?.rouge1?.rows).toBe(3);
  });

  it('counts tokens of the pass alone, and their price', () => {
    const words = (texts: readonly (string | null)[]) => texts.join(' ').split(' ').filter(Boolean).length;
    const inputTokens = words(NEWS.map(([text]) => text));
    const [lead] = evaluation.candidates;
    const outputTokens = words(lead.rows.map(({ summary }) => summary));
    expect(lead.cost).toMatchObject({
      inputTokens,
      outputTokens,
      price: expect.closeTo(((inputTokens + outputTokens) / 1000) * 2, 12),
    });
    expect(lead.cost!.rowsPerSecond).toBeCloseTo(5 / lead.cost!.seconds, 6);
    expect(lead.precision).toBe('none');
  });

  it('is ranked by faithfulness without references', async () => {
    const without = await evaluated(NEWS, { reference: undefined });
    expect(without).toMatchObject({ ranking: 'faithful', referenceColumn: null });
    expect(without.candidates[0].estimates.rouge1).toBeUndefined();
    expect(without.candidates[0].estimates.words?.mean).toBe(13 / 4);
  });

  it('gives the same figures for the same seed', async () => {
    const again = await evaluated(NEWS);
    const figures = ({ candidates }: Evaluation) =>
      candidates.map(({ estimates, differences }) => ({ estimates, differences }));
    expect(figures(again)).toEqual(figures(evaluation));
  });
});

describe('tables at their ends', () => {
  it.each<{ what: string; rows: readonly Row[] }>([
    { what: 'no rows', rows: [] },
    {
      what: 'no texts',
      rows: [
        [null, 'A'],
        [null, null],
      ],
    },
  ])('$what: nothing is estimated', async ({ rows }) => {
    const { candidates } = await evaluated(rows);
    for (const { estimates, differences, cost } of candidates) {
      expect({ estimates, tokens: cost?.inputTokens }).toEqual({ estimates: {}, tokens: 0 });
      expect(differences ?? {}).toEqual({});
    }
    expect(candidates.map(({ rows: found }) => found.length)).toEqual([rows.length, rows.length]);
  });

  it('one row: no difference is significant', async () => {
    const { candidates } = await evaluated([['One. Two.', 'Two.']]);
    expect(candidates[0].estimates.rouge1).toEqual({ mean: 0, low: 0, high: 0, rows: 1 });
    expect(candidates[1].differences?.rouge1?.p).toBe(1);
  });

  it('a text of 100,000 words', async () => {
    const long = Array.from({ length: 100_000 }, (_, i) => `Word${i % 5000}${i % 20 === 19 ? '.' : ''}`).join(' ');
    const { candidates } = await evaluated([[long, 'word0 word1 word2']], { models: ['builtin:lead-1'] });
    expect(candidates[0].rows[0].summary?.split(' ')).toHaveLength(20);
    expect(column(candidates[0], 'copied')).toEqual([1]);
    expect(candidates[0].cost?.inputTokens).toBe(100_000);
  });

  it('emoji and scripts from right to left come back as they are', async () => {
    const texts = ['👩‍👩‍👧 went home. 🎉 Then 12 slept.', 'שלום עולם. זה מבחן 7.', 'مرحبا بالعالم. هذا اختبار ٧.'];
    const { candidates } = await evaluated(texts.map((text) => [text, text]));
    expect(candidates[1].rows.map(({ summary }) => summary)).toEqual(texts);
    expect(column(candidates[1], 'copied')).toEqual([1, 1, 1]);
    expect(candidates[0].rows[1].summary).toBe('שלום עולם.');
  });

  it('a part of the rows', async () => {
    const limited = await evaluated(NEWS, { limit: 2 });
    expect(limited.texts.map(({ source }) => source)).toEqual([NEWS[0][0], NEWS[1][0]]);
    const drawn = await evaluated(NEWS, { sample: 3, seed: 5 });
    const sources = drawn.texts.map(({ source }) => source);
    expect(sources).toHaveLength(3);
    const inOrder = NEWS.map(([text]) => text).filter((text) => sources.includes(text));
    expect(sources).toEqual(inOrder);
  });
});

describe('models', () => {
  it('that fail on a row are told so, and only that row is not scored', async () => {
    const modelOptions = { maxInputTokens: 5, longDocuments: 'error' } as const;
    const { candidates } = await evaluated(NEWS, { modelOptions });
    for (const { rows, estimates } of candidates) {
      expect(rows.map(({ error }) => error === null)).toEqual([false, false, true, true, true]);
      expect(rows[1]).toMatchObject({
        summary: null,
        scores: null,
        error: expect.stringMatching(/^\[input\] .*8 tokens/),
      });
      expect(estimates.words?.rows).toBe(2);
    }
  });

  it('with weights take the options that mean nothing to the others', async () => {
    const options = { numBeams: 2, maxNewTokens: 6 };
    const { candidates } = await evaluated(NEWS, { models: ['builtin:echo', folder], modelOptions: options });
    const model = await loadModel(folder);
    const texts = NEWS.flatMap(([text]) => text ?? []);
    const { results } = await model.generateTexts(texts, options);
    const summaries = candidates[1].rows.flatMap(({ summary }) => summary ?? []);
    expect(summaries).toEqual(results.map(({ text }) => text));
    expect(candidates[1].cost).toMatchObject({
      inputTokens: results.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
      outputTokens: results.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    });
    await model.close();
  });

  it.each<{ what: string; options: Partial<EvaluateOptions>; message: string }>([
    {
      what: 'beams without any weights',
      options: { modelOptions: { numBeams: 2 } },
      message: '[usage] numBeams 2 has no meaning for builtin:lead-1',
    },
    { what: 'a model twice', options: { models: ['builtin:echo', 'builtin:echo'] }, message: 'is named twice' },
    {
      what: 'a folder by two names',
      options: { models: [folder, `${folder}/`] },
      message: `[usage] models ${folder} and ${folder}/ are the same`,
    },
    { what: 'no model', options: { models: [] }, message: '[usage] no models and no outputs' },
    { what: 'an unknown model', options: { models: ['builtin:lead-9'] }, message: 'builtin:lead-9 is no built-in' },
    { what: 'limit and sample', options: { limit: 1, sample: 1 }, message: '[usage] limit and sample' },
    { what: 'a misspelt option', options: { referense: 'x' } as never, message: 'did you mean reference?' },
    {
      what: 'an option of its own',
      options: { modelOptions: { onError: 'fail' } as never },
      message: '[usage] option onError for the models',
    },
    { what: 'a key alone', options: { key: 'id' }, message: '[usage] option key without outputs' },
    { what: 'no such column', options: { text: 'txt' }, message: 'has no column "txt"' },
    {
      what: 'a judge without weights',
      options: { judge: 'builtin:lead-3' },
      message: '[model] the judge builtin:lead-3 has no weights',
    },
  ])('refused: $what', async ({ options, message }) => {
    await expect(evaluated(NEWS, options)).rejects.toThrow(message);
  });

  it('stop at a signal', async () => {
    const controller = new AbortController();
    const stopped = evaluated(NEWS, {
      models: ['builtin:echo?delayMs=50'],
      modelOptions: { partitionRows: 1 },
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
  });

  it('are judged by another', async () => {
    const { candidates, ranking } = await evaluated(NEWS, { judge: folder, reference: undefined });
    expect(ranking).toBe('judge');
    const { openJudge } = await import('../../src/evaluate/judge.js');
    const judge = await openJudge(folder);
    const asked = candidates[0].rows.flatMap(({ row, summary }) =>
      summary === null ? [] : [{ source: NEWS[row][0]!, summary }],
    );
    const answers = await judge.score(asked);
    await judge.close();
    const [first, second, fourth, fifth] = answers;
    const found = column(candidates[0], 'judge');
    expect(found[2]).toBeNull();
    [first, second, null, fourth, fifth].forEach((value, row) => {
      if (value !== null) expect(found[row]).toBeCloseTo(value, 5);
    });
    expect(candidates[0].estimates.judge?.rows).toBe(4);
  });
});
