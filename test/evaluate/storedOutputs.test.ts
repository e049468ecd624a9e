import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { EvaluateOptions } from '../../src/evaluate/options.js';
import { batchUdf } from '../../src/predict/udf.js';
import { readTable } from '../../src/table/open.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-stored-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let made = 0;
function file(rows: readonly object[], name = `t${made++}.jsonl`): string {
  const location = path.join(scratch, name);
  writeFileSync(location, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return location;
}

const ROWS = [
  { id: 'a', text: 'First text. More.', good: 'First text.' },
  { id: 'b', text: 'Second text. More.', good: 'Second.' },
  { id: 'c', text: null, good: null },
  { id: 'd', text: 'Fourth text. More.', good: 'More.' },
];
const INPUT = file(ROWS, 'input.jsonl');

async function evaluated(outputs: readonly string[], options: Partial<EvaluateOptions> = {}) {
  return evaluate(await readTable(INPUT), { text: 'text', reference: 'good', outputs, ...options });
}

async function summaries(outputs: readonly string[], options: Partial<EvaluateOptions> = {}) {
  const { candidates } = await evaluated(outputs, options);
  return candidates.map(({ name, rows }) => [name, rows.map(({ summary, error }) => error ?? summary)]);
}

const stored = (...texts: (string | null)[]) => texts.map((generated_summary) => ({ generated_summary }));

describe('stored outputs', () => {
  it('are matched by position, and cost nothing', async () => {
    const one = file(stored('First text.', 'Second text.', null, 'Fourth text.'), 'one.jsonl');
    const two = file(stored('First.', 'Second.', null, null), 'two.jsonl');
    const { candidates } = await evaluated([one, two]);
    expect(candidates.map(({ name, kind, cost, precision }) => ({ name, kind, cost, precision }))).toEqual([
      { name: 'one.jsonl', kind: 'output', cost: null, precision: null },
      { name: 'two.jsonl', kind: 'output', cost: null, precision: null },
    ]);
    expect(candidates[0].estimates.rouge1?.mean).toBeCloseTo((1 + 2 / 3 + 0) / 3, 12);
    // The row without a summary is not scored, and so in no difference either.
    expect(candidates[1].rows[3]).toEqual({ row: 3, summary: null, error: 'no summary is stored', scores: null });
    expect(candidates[1].rows[2].error).toBeNull();
    expect(candidates[1].differences?.rouge1?.rows).toBe(2);
    expect(candidates[1].differences?.rouge1?.mean).toBeCloseTo((2 / 3 - 1 + (1 - 2 / 3)) / 2, 12);
  });

  it('are matched by key in any order, whatever else they hold', async () => {
    const keyed = file([
      { id: 'd', short: 'Four.' },
      { id: 'x', short: 'Nobody asked.' },
      { id: 'b', short: 'Two.' },
      { id: 'c', short: null },
      { id: 'a', short: 'One.' },
    ]);
    const [[, found]] = await summaries([keyed], { key: 'id', outputColumn: 'short' });
    expect(found).toEqual(['One.', 'Two.', null, 'Four.']);
  });

  it('have keys of numbers and of texts that look alike', async () => {
    const numbers = file([1, 2].map((id) => ({ id, text: `Text ${id}.` })));
    const csv = path.join(scratch, 'keys.csv');
    writeFileSync(csv, 'id,generated_summary\n2,two\n1,one\n');
    const { candidates } = await evaluate(await readTable(numbers), { text: 'text', outputs: [csv], key: 'id' });
    expect(candidates[0].rows.map(({ summary }) => summary)).toEqual(['one', 'two']);
  });

  it('stand beside models, which come first', async () => {
    const one = file(stored('First.', 'Second.', null, 'Fourth.'));
    const options = { models: ['builtin:lead-1'], modelOptions: { isolation: 'thread', workers: 1 } } as const;
    const { candidates } = await evaluated([one], options);
    expect(candidates.map(({ kind }) => kind)).toEqual(['model', 'output']);
  });

  it('are what precis wrote, structs of details too', async () => {
    const out = path.join(scratch, 'details.parquet');
    const options = { resultType: 'struct', onError: 'struct', isolation: 'thread', workers: 1 } as const;
    const udf = await batchUdf('builtin:lead-1', { ...options, maxInputTokens: 2, longDocuments: 'error' });
    const table = (await readTable(INPUT)).withColumn('generated_summary', udf('text'));
    await table.write(out);
    await udf.close();
    const [[, found]] = await summaries([out]);
    const reason = expect.stringMatching(/^\[input\] the text has 3 tokens/);
    expect(found).toEqual([reason, reason, null, reason]);
  });

  it('of a sample hold the sample or all rows', async () => {
    const all = file(stored('A.', 'B.', 'C.', 'D.'));
    const { texts, candidates } = await evaluated([all], { sample: 2, seed: 3 });
    const letters = candidates[0].rows.map(({ summary }) => summary);
    expect(letters).toEqual(
      texts.map(({ source }) => 'ABCD'[ROWS.findIndex(({ text }) => text === source)]).map((l) => `${l}.`),
    );
    const part = file(stored('A.', 'B.'));
    expect(await summaries([all, part], { limit: 2 })).toEqual([
      [path.basename(all), ['A.', 'B.']],
      [path.basename(part), ['A.', 'B.']],
    ]);
  });

  it('of one name in two folders are told apart', async () => {
    const outputs = ['monday', 'tuesday'].map((day) => {
      mkdirSync(path.join(scratch, day));
      return file(stored(day, day, null, day), path.join(day, 'out.jsonl'));
    });
    const { candidates } = await evaluated(outputs);
    expect(candidates.map(({ name }) => name)).toEqual(outputs);
  });
});

describe('stored outputs of other rows are refused', () => {
  const ids = (list: readonly (string | null)[]) => list.map((id) => ({ id, generated_summary: 'S.' }));

  it.each<{ what: string; rows: readonly object[]; options?: Partial<EvaluateOptions>; message: string }>([
    {
      what: 'another number of rows',
      rows: stored('A.', 'B.', 'C.'),
      message: 'has 3 rows, expected 4, as INPUT has; name a column that tells which row is which with --key',
    },
    {
      what: 'another number of rows than the limit',
      rows: stored('A.', 'B.', 'C.'),
      options: { limit: 2 },
      message: 'has 3 rows, expected 2 or 4, as INPUT has',
    },
    {
      what: 'no such column',
      rows: [{ short: 'A.' }],
      message: 'has no column "generated_summary", expected one of short',
    },
    { what: 'numbers', rows: [{ generated_summary: 1 }], message: 'is of type Int64, expected a column of text' },
    {
      what: 'other texts',
      rows: ROWS.map(({ text }, i) => ({ text: i === 1 ? 'Another.' : text, generated_summary: 'S.' })),
      message: 'row 2 of FILE has another text (column text) than row 2 of INPUT, expected summaries of the same rows',
    },
    { what: 'no key column', rows: stored('A.'), options: { key: 'id' }, message: 'has no column "id"' },
    {
      what: 'a key that is missing',
      rows: ids(['a', 'b', 'c']),
      options: { key: 'id' },
      message: 'FILE has no row with the key "d" (column id), row 4 of INPUT, expected a summary for every row',
    },
    {
      what: 'a key twice',
      rows: ids(['a', 'b', 'c', 'd', 'b']),
      options: { key: 'id' },
      message: 'FILE has the key "b" (column id) in rows 2 and 5, expected each key once',
    },
    {
      what: 'a null for a key',
      rows: ids(['a', null, 'b']),
      options: { key: 'id' },
      message: 'FILE has no key in row 2: column id is null there',
    },
    {
      what: 'a key that the table has twice',
      rows: ROWS.map(({ good }) => ({ good, generated_summary: 'S.' })),
      options: { key: 'good' },
      message: 'INPUT has no key in row 3: column good is null there',
    },
  ])('$what', async ({ rows, options, message }) => {
    const location = file(rows);
    const expected = message.replaceAll('FILE', location).replaceAll('INPUT', INPUT);
    await expect(evaluated([location], options)).rejects.toThrow(expected);
  });

  it('a file twice, by a link too', async () => {
    const one = file(stored('A.', 'B.', null, 'D.'));
    await expect(evaluated([one, one])).rejects.toThrow(`output ${one} is named twice`);
    await expect(evaluated([one, `${scratch}/./${path.basename(one)}`])).rejects.toThrow('are the same');
  });

  it('a file that is not there', async () => {
    await expect(evaluated([path.join(scratch, 'none.parquet')])).rejects.toThrow('none.parquet');
  });
});
