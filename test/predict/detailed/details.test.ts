import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Utf8, Vector, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../../scripts/seeded-checkpoint.js';
import type { DetailedColumn } from '../../../src/predict/detailed/types.js';
import { aiFunction } from '../../../src/predict/functions/aiFunction.js';
import type { AiName } from '../../../src/predict/functions/aiOptions.js';
import { plainValue } from '../../../src/predict/texts/plainValue.js';
import { batchUdf } from '../../../src/predict/udf.js';
import { batchOf } from '../../../src/table/columns.js';
import { valuesOf } from '../functions/columns.js';
import { detailsOf, failed, open, stream, textBatch } from './open.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-details-'));
process.env.PRECIS_HOME = path.join(scratch, 'home');
const model = path.join(scratch, 'model');
const LONG = 'and the council met again '.repeat(12);
const TEXTS = ['the council met', null, 'a budget was approved', LONG, 'the council met', '', 'apples'];
const MAX = { maxInputTokens: 24 };
const SHORT = { ...MAX, numBeams: 1, maxNewTokens: 6 };
const POOL = { workers: 1, precision: 'fp32' } as const;

beforeAll(() => {
  const taskSpecificParams = { summarization: { prefix: 'summarize: ', num_beams: 1, max_length: 9 } };
  writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny', eos: 'some', taskSpecificParams });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Summary {
  readonly summary: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly truncated: boolean;
}

describe('with a model', () => {
  it('texts have the tokens of a struct, and the struct itself can be the value', async () => {
    await using udf = await batchUdf(model, { ...POOL, ...SHORT, resultType: 'struct', warn: false });
    const structs = (await valuesOf(udf('text'), [textBatch(TEXTS)])) as (Summary | null)[];
    const tokens = structs.map((struct) => ({
      error: null,
      input_tokens: struct?.input_tokens ?? null,
      output_tokens: struct?.output_tokens ?? null,
      truncated: struct?.truncated ?? null,
    }));
    expect(tokens[3].truncated).toBe(true);
    const options = { ...SHORT, precision: 'fp32' };
    const fn = await open({ model, options });
    const rows = await detailsOf(fn, TEXTS);
    expect(rows).toEqual(tokens.map((row, at) => ({ value: structs[at]?.summary ?? null, ...row })));
    expect(fn.stats).toMatchObject({ rows: 7, nulls: 1, duplicates: 1, failed: 0, truncated: 1 });
    await fn.close();

    const whole = await open({ model, options: { ...options, resultType: 'struct' } });
    expect(await detailsOf(whole, TEXTS)).toEqual(tokens.map((row, at) => ({ value: structs[at], ...row })));
    await whole.close();
  });

  it.each<[AiName, object]>([
    ['classify', { ...MAX, labels: ['news', 'fruit'] }],
    ['extract', { ...SHORT, fields: ['place', 'price'] }],
    ['embed', MAX],
    ['query', { ...SHORT, instruction: 'summarize' }],
  ])('%s has the values of the function, and tokens', async (fn, options) => {
    const call = await aiFunction(fn, model, { ...POOL, warn: false, ...options } as never);
    const values = await valuesOf(call('text'), [textBatch(TEXTS)]);
    const { inputTokens, outputTokens } = call.stats;
    await call.close();
    const column: Partial<DetailedColumn> = { fn, model, options: { ...options, precision: 'fp32' } };
    const detailed = await open(column);
    const rows = await detailsOf(detailed, TEXTS);
    await detailed.close();
    expect(rows.map(({ value }) => value)).toEqual(values);
    expect(rows[1]).toEqual(failed(null));
    // The words that ask take a part of what the model reads, and the shorter texts may have to be cut as well.
    const isAsked = fn === 'classify' || fn === 'extract';
    expect(rows[3].truncated).toBe(true);
    expect(rows[1].truncated).toBeNull();
    if (!isAsked) expect(rows.filter(({ truncated }) => truncated)).toHaveLength(1);
    // The second of two equal texts was not computed.
    const computed = rows.filter((_, row) => row !== 4);
    const sum = (of: 'input_tokens' | 'output_tokens') => computed.reduce((total, row) => total + (row[of] ?? 0), 0);
    expect([sum('input_tokens'), sum('output_tokens')]).toEqual([inputTokens, outputTokens]);
  });

  it('rows that fail by themselves say why, in whatever they were to become', async () => {
    for (const resultType of ['string', 'struct', 'string[]'] as const) {
      const options = { ...SHORT, precision: 'fp32', longDocuments: 'error', resultType };
      const fn = await open({ model, options });
      const rows = await detailsOf(fn, ['apples', LONG]);
      await fn.close();
      expect(rows[0].error).toBeNull();
      expect(rows[0].value).not.toBeNull();
      expect(rows[1]).toEqual(
        failed(expect.stringMatching(/^\[input\] the text has \d+ tokens, expected at most 24; /)),
      );
    }
  });
});

describe('with any model', () => {
  it('a text that is not UTF-8 is its own error', async () => {
    const fn = await open({});
    const [data] = vectorFromArray(['good', 'bad!', 'fine'], new Utf8()).data;
    data.values[4] = 0xff;
    const { schema } = textBatch(['x']);
    const batch = batchOf(schema, [data], 3);
    const rows: unknown[] = [];
    for await (const { details } of fn.over(stream(batch), {}))
      rows.push(...Array.from(new Vector([details]), plainValue));
    expect(rows).toMatchObject([
      { value: 'good', error: null },
      failed('[input] the text is not valid UTF-8, expected UTF-8'),
      { value: 'fine', error: null },
    ]);
  });

  it('what is wrong is said when it is opened, and of columns in the first batch', async () => {
    const opening = (column: Partial<DetailedColumn>) => open(column);
    await expect(opening({ options: { workers: 2 } })).rejects.toThrow(
      '[usage] option workers of a column, expected options of its function; set it for all columns together',
    );
    await expect(opening({ options: { onError: 'null' } })).rejects.toThrow('[usage] option onError of a column');
    await expect(opening({ options: { numBeam: 2 } })).rejects.toThrow('unknown option numBeam');
    await expect(opening({ fn: 'classify', options: {} })).rejects.toThrow('classify without labels');
    await expect(opening({ model: 'builtin:nonsense' })).rejects.toThrow('builtin:nonsense is no built-in model');
    await expect(open({}, { maxRetries: -1 })).rejects.toThrow('maxRetries');
    const fn = await open({ text: 'titel' });
    await expect(detailsOf(fn, ['a'])).rejects.toThrow('[column] the table has no column "titel"');
  });
});
