import { Table as ArrowTable, Int32, Utf8, Vector, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { defineBatchFunction } from '../../../src/predict/user/defineBatchFunction.js';
import { valuesOf } from '../functions/columns.js';
import { detailsOf, failed, open, stream, textBatch } from './open.js';

const MODULE = new URL('../modules/detailed.mjs', import.meta.url).href;

const openModule = (exportName: string, options: object = {}, text: readonly string[] = ['text'], setting = {}) =>
  open({ fn: 'module', model: null, text, options: { module: MODULE, exportName, ...options } }, setting);

describe('a function of a module', () => {
  it('that fails is called with ever fewer rows until those to blame stand alone', async () => {
    const texts = ['{"n":1}', '{"n":22}', 'account 4711 of Miller', null, '{"n":4}', 'Schmidt wrote this', '{"n":6}'];
    const fn = await openModule('parsed', { resultType: 'int', partitionRows: 4 });
    const rows = await detailsOf(fn, texts);
    expect(rows.map(({ value }) => value)).toEqual([1, 22, null, null, 4, null, 6]);
    expect(rows.map(({ error }) => error !== null)).toEqual([false, false, true, false, false, true, false]);
    expect(rows[2].error).toMatch(/^\[function\] parsed failed for this row: SyntaxError: /);
    expect(rows[2].error).not.toMatch(/account|4711|Miller/);
    expect(rows[5].error).not.toMatch(/Schmidt|wrote/);
    expect(rows[0]).toEqual({ value: 1, error: null, input_tokens: null, output_tokens: null, truncated: null });
    expect(fn.stats).toMatchObject({ rows: 7, failed: 2 });
    expect(fn.stats.failures.map(({ row }) => row)).toEqual([3, 6]);
  });

  it('gives what it gives in a table, for several columns', async () => {
    const columns = {
      text: vectorFromArray(['ab', null, 'abc'], new Utf8()),
      count: vectorFromArray([1, 2, null], new Int32()),
    };
    const batch = new ArrowTable(columns).batches[0];
    const options = { resultType: 'int', name: 'mine' } as const;
    await using defined = defineBatchFunction({ module: MODULE, export: 'complaining' }, { workers: 1, ...options });
    const expected = await valuesOf(defined('text', 'count'), [batch]);
    const fn = await openModule('complaining', options, ['text', 'count']);
    const values: unknown[] = [];
    for await (const { details } of fn.over(stream(batch), {})) values.push(...new Vector([details.children[0]]));
    expect(values).toEqual(expected);
  });

  it('says nothing of the text in its words, nor in ours', async () => {
    const complaining = await openModule('complaining', { resultType: 'int' }, ['text', 'count']);
    const columns = { text: ['bad K-77193 owes a great deal of money', 'x'], count: [1, 2] };
    const batch = new ArrowTable({
      text: vectorFromArray(columns.text, new Utf8()),
      count: vectorFromArray(columns.count, new Int32()),
    }).batches[0];
    const errors: unknown[] = [];
    for await (const { details } of complaining.over(stream(batch), {}))
      errors.push(...new Vector([details.children[1]]));
    expect(errors[0]).toMatch(/^\[function\] complaining failed for this row: RangeError: no customer /);
    expect(errors[0]).not.toMatch(/K-77193|owes|money/);
    expect(errors[1]).toBeNull();

    const mistyped = await openModule('mistyped', { resultType: 'int' });
    expect((await detailsOf(mistyped, ['a', 'odd']))[1].error).toMatch(
      /^\[function\] mistyped returned a string for this row, expected a whole number/,
    );
  });

  it('that kills its worker loses the rows to blame', async () => {
    const fn = await openModule('dying', { resultType: 'int', partitionRows: 3 }, ['text'], { maxRetries: 0 });
    const rows = await detailsOf(fn, ['a', 'exit', 'ccc', 'throw Miller 4711', null]);
    expect(rows[1]).toEqual(failed('[pool] the worker died on this row: it exited with code 3'));
    expect(rows[3]).toEqual(failed('[pool] the worker died on this row: it failed: TypeError: cannot read "..."'));
    expect([rows[0], rows[2], rows[4]].map(({ value, error }) => [value, error])).toEqual([
      [1, null],
      [3, null],
      [null, null],
    ]);
  });

  it('is refused when it is not there, and over columns that are not', async () => {
    const missing = await openModule('nothing');
    await expect(detailsOf(missing, ['a'])).rejects.toThrow('exports no function nothing');
    const fn = await openModule('mistyped', {}, ['titel']);
    await expect(detailsOf(fn, ['a'])).rejects.toThrow('[column] the table has no column "titel"');
    await expect(openModule('mistyped', {}, [])).rejects.toThrow("a module's function over []");
  });
});

it('batches without rows pass', async () => {
  const fn = await open({});
  expect(await detailsOf(fn, [])).toEqual([]);
  const seen: number[] = [];
  for await (const { batch } of fn.over(stream(textBatch(['a']), textBatch([]), textBatch(['b'])), {}))
    seen.push(batch.numRows);
  expect(seen.reduce((sum, rows) => sum + rows, 0)).toBe(2);
});
