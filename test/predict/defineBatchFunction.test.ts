import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  List,
  type RecordBatch,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { plainValue } from '../../src/predict/texts/plainValue.js';
import {
  type BatchFunctionOptions,
  type DefinedFunction,
  defineBatchFunction,
} from '../../src/predict/user/defineBatchFunction.js';
import { type BatchView, openUserFunction, type UserBatchFunction } from '../../src/predict/user/userFunction.js';
import { typeToBytes, type UserResultType, userType } from '../../src/predict/user/userTypes.js';
import { batchOf, textBatches, valuesOf } from './functions/columns.js';

const MODULES = path.join(import.meta.dirname, 'modules');
const MODULE = path.join(MODULES, 'functions.mjs');

const defined: DefinedFunction[] = [];
afterAll(() => Promise.all(defined.map((each) => each.close())));

function define(fn: Parameters<typeof defineBatchFunction>[0], options: BatchFunctionOptions = {}): DefinedFunction {
  const made = defineBatchFunction(fn, { workers: 1, ...options });
  defined.push(made);
  return made;
}

/** What a worker does with a function and one batch, without the worker. */
async function answerHere(
  fn: UserBatchFunction,
  options: BatchFunctionOptions,
  batch: RecordBatch,
): Promise<unknown[]> {
  const { resultType = 'string', name = fn.name, values } = options;
  const spec = { name, place: { source: fn.toString() }, type: typeToBytes(userType(resultType)), values };
  const opened = await openUserFunction(spec, { worker: 0, device: 'cpu', threads: 1 }, () => {});
  const { batch: answer } = await opened.run(batch, { alive: () => {} });
  return Array.from(answer.getChildAt(0)!, plainValue);
}

const TEXTS = textBatches(['a', null, 'bcd'], ['', 'é🎉']);

describe('a function of the user over batches', () => {
  it('goes to the workers as its own text', async () => {
    const count = (batch: BatchView) => batch.column('text').map((text) => (text === null ? null : `${text}`.length));
    const lengths = define(count, { resultType: 'int' });
    expect(await valuesOf(lengths('text'), TEXTS)).toEqual([1, null, 3, 0, 3]);
  });

  it('goes as a module, which may use what it likes', async () => {
    const shout = define({ module: MODULE, export: 'shout' });
    expect(await valuesOf(shout('text'), TEXTS)).toEqual(['A!', null, 'BCD!', '', 'É🎉!']);
    const url = new URL('modules/functions.mjs', import.meta.url);
    const halves = define({ module: url, export: 'halves' }, { resultType: 'double', isolation: 'process' });
    expect(await valuesOf(halves('count'), [batchOf({ count: [1, 2, 5], other: ['x', 'y', 'z'] })])).toEqual([
      0.5, 1, 2.5,
    ]);
  });

  it('may be asynchronous, import, have inner functions, and be given plain data', async () => {
    // Written as a text, because the test runner replaces `import` in functions by a helper of its own.
    const source = `return async (batch, { values }) => {
      const { createHash } = await import('node:crypto');
      const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8);
      return batch.column('text').map((text) => text && hash(values.salt + text));
    };`;
    const made = define(new Function(source)() as UserBatchFunction, { values: { salt: 's' } });
    const hashes = ['sa', 'sbcd'].map((text) => createHash('sha256').update(text).digest('hex').slice(0, 8));
    expect((await valuesOf(made('text'), TEXTS)).slice(0, 4)).toEqual([hashes[0], null, hashes[1], '']);
  });

  it('reads several columns, each as plain values, in the order of the rows', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => i);
    const batches = [rows.slice(0, 10), rows.slice(10, 4000), rows.slice(4000)].map((some) =>
      batchOf({
        id: some,
        twice: some.map((i) => 2 * i),
        name: some.map((i) => `n${i}`),
        lists: some.map((i) => [i, i + 1]),
      }),
    );
    const joined = define(
      (batch) => {
        const [ids, twice, names, lists] = ['id', 'twice', 'name', 'lists'].map((name) => batch.column(name));
        return ids.map(
          (id, row) =>
            `${id} ${twice[row]} ${names[row]} ${(lists[row] as number[]).join('+')} ${batch.numRows <= 700}`,
        );
      },
      { workers: 2, partitionRows: 700 },
    );
    const values = await valuesOf(joined('id', 'twice', 'name', 'lists'), batches);
    expect(values).toEqual(rows.map((i) => `${i} ${2 * i} n${i} ${i}+${i + 1} true`));
  });

  it.each<[UserResultType, UserBatchFunction, unknown[]]>([
    ['string', () => ['x', null, undefined, '', 'y'], ['x', null, null, '', 'y']],
    [
      'double',
      () => new Float64Array([1.5, 2, Number.POSITIVE_INFINITY, -0, 3]),
      [1.5, 2, Number.POSITIVE_INFINITY, -0, 3],
    ],
    ['bool', () => [true, false, null, true, false], [true, false, null, true, false]],
    [new Float32(), () => [1, 2, 3, 4, 0.5], [1, 2, 3, 4, 0.5]],
    [
      new List(new Field('item', new Int32(), true)),
      () => [[1, 2], [], null, [3], [4, 5, 6]],
      [[1, 2], [], null, [3], [4, 5, 6]],
    ],
    [
      new Struct([new Field('a', new Utf8(), true)]),
      () => [{ a: 'x' }, null, { a: null }, { a: '' }, { a: 'y' }],
      [{ a: 'x' }, null, { a: null }, { a: '' }, { a: 'y' }],
    ],
    [new TimestampMillisecond(), () => [0, 1, null, 3, 86_400_000], [0, 1, null, 3, 86_400_000]],
  ])('returns %s', async (resultType, fn, expected) => {
    const [batch] = textBatches(['a', 'b', 'c', 'd', 'e']);
    const { type, nullable } = define(fn, { resultType })('text').field('made', batch.schema);
    expect([String(type), nullable]).toEqual([String(userType(resultType)), true]);
    expect(await answerHere(fn, { resultType }, batch)).toEqual(expected);
  });

  it('of a table without rows is a column without values', async () => {
    const made = define((batch) => batch.column('text'));
    expect(await valuesOf(made('text'), textBatches([]))).toEqual([]);
  });
});

describe('what a function does wrong is told with its name and rows', () => {
  const outside = { suffix: '!' };
  function named(batch: { column(name: string): unknown[] }) {
    return batch.column('text').map((text) => `${text}${outside.suffix}`);
  }

  it.each<[string, UserBatchFunction, BatchFunctionOptions, RegExp]>([
    [
      'a wrong length',
      () => ['one'],
      { name: 'short' },
      /\[function\] short returned 1 values for rows 1 to 3, expected an array or an Arrow vector of 3 values/,
    ],
    ['nothing', () => {}, { name: 'lazy' }, /lazy returned nothing for rows 1 to 3/],
    ['no list', () => 'text', { name: 'odd' }, /odd returned the string "text" for rows 1 to 3/],
    [
      'another type',
      () => ['a', 7, 'c'],
      { name: 'mixed' },
      /mixed returned the number 7 for row 2, expected a text, or null; set resultType/,
    ],
    [
      'a fraction',
      () => [1, 2, 0.5],
      { resultType: 'int', name: 'half' },
      /half returned the number 0.5 for row 3, expected a whole number from -2147483648 to 2147483647/,
    ],
    [
      'a number for a list',
      () => [[1], 2, [3]],
      { resultType: new List(new Field('item', new Int32(), true)), name: 'flat' },
      /flat returned the number 2 for row 2, expected a list, each of it a whole number from/,
    ],
    [
      'a text in a list of numbers',
      () => [[1], [2, 'x'], [3]],
      { resultType: new List(new Field('item', new Int32(), true)), name: 'deep' },
      /deep returned a list for row 2, expected a list, each of it a whole number from/,
    ],
    [
      'a text for a struct',
      () => [{ a: 1 }, 'x', null],
      { resultType: new Struct([new Field('a', new Float64(), true)]), name: 'bare' },
      /bare returned the string "x" for row 2, expected an object with a \(a number\), or null/,
    ],
    ['an object', () => [{}, {}, {}], { name: 'objects' }, /objects returned an object \(Object\) for row 1/],
    [
      'an error',
      () => {
        throw new TypeError('out of luck');
      },
      { name: 'unlucky' },
      /unlucky failed for rows 1 to 3: TypeError: out of luck/,
    ],
    ['what is no error', () => Promise.reject('no'), { name: 'rude' }, /rude failed for rows 1 to 3: no/],
    [
      'a column it was not called with',
      (batch) => batch.column('txt'),
      { name: 'blind' },
      /the batch that blind was called with has no column "txt", expected one of text; did you mean text\?/,
    ],
    [
      'a name from outside',
      named,
      {},
      /named uses what is not there in a worker \(outside is not defined\), expected a function that needs nothing from outside/,
    ],
  ])('%s', async (_, fn, options, message) => {
    const [batch] = textBatches(['a', 'b', 'c']);
    await expect(answerHere(fn, options, batch)).rejects.toThrow(message);
  });

  it('rows are those of the table', async () => {
    const made = define((batch) => batch.column('text').map((text) => (text === 'g' ? 5 : text)), {
      name: 'g',
      partitionRows: 2,
    });
    await expect(valuesOf(made('text'), textBatches(['a', 'b', 'c'], ['d', 'e', 'f', 'g', 'h']))).rejects.toThrow(
      'g returned the number 5 for row 7',
    );
  });

  it('a vector of another type', async () => {
    const made = define({ module: MODULE, export: 'halves' }, { resultType: 'int' });
    await expect(valuesOf(made('count'), [batchOf({ count: [1] })])).rejects.toThrow(
      'halves returned a vector of Float64, expected one of Int32',
    );
  });
});

describe('what is refused when it is defined', () => {
  it.each<[string, Parameters<typeof defineBatchFunction>[0], object, string]>([
    [
      'a method',
      {
        method: (() =>
          ({
            f(batch: object) {
              return batch;
            },
          }).f)(),
      }.method as UserBatchFunction,
      {},
      'f cannot be written out for a worker',
    ],
    ['a native function', Math.max as unknown as UserBatchFunction, {}, 'max cannot be written out'],
    ['a bound function', (() => []).bind(null) as UserBatchFunction, {}, 'cannot be written out'],
    ['a class', class Some {} as unknown as UserBatchFunction, {}, 'Some cannot be written out'],
    [
      'a relative module',
      { module: './functions.mjs', export: 'shout' },
      {},
      'a batch function of module "./functions.mjs" and export "shout"',
    ],
    [
      'no export',
      { module: MODULE } as never,
      {},
      "expected a function, or { module: import.meta.url, export: 'name' }",
    ],
    ['nothing', undefined as never, {}, 'a batch function of module undefined'],
    [
      'an unknown type',
      () => [],
      { resultType: 'text' },
      'resultType "text", expected string, double, int, bool or an Arrow type',
    ],
    [
      'a dictionary',
      () => [],
      { resultType: new Dictionary(new Utf8(), new Int32()) },
      "expected the dictionary's own type",
    ],
    ['an unknown option', () => [], { resulttype: 'int' }, 'unknown option resulttype'],
    ['values that are no data', () => [], { values: { f: () => 1 } }, 'values cannot be sent to a worker'],
  ])('%s', (_, fn, options, message) => {
    expect(() => defineBatchFunction(fn, options)).toThrow(message);
  });

  it('or called: no columns, or some that are not there', () => {
    const made = define((batch) => batch.column('text'), { name: 'made' });
    expect(() => (made as unknown as () => void)()).toThrow('made(), expected the names of the columns');
    const [{ schema }] = TEXTS;
    expect(() => made('txt').field('x', schema)).toThrow(
      'the table has no column "txt", expected one of text; did you mean text?',
    );
  });

  it('in a worker: modules and exports that are not there', async () => {
    const batches = textBatches(['a']);
    const missing = define({ module: MODULE, export: 'shoot' });
    await expect(valuesOf(missing('text'), batches)).rejects.toThrow(
      'exports no function shoot, expected one of its exports: ',
    );
    const number = define({ module: MODULE, export: 'notOne' });
    await expect(valuesOf(number('text'), batches)).rejects.toThrow('exports no function notOne');
    const nowhere = define({ module: path.join(MODULES, 'nowhere.mjs'), export: 'x' });
    await expect(valuesOf(nowhere('text'), batches)).rejects.toThrow('nowhere.mjs cannot be imported');
  });

  it('a program that would begin again in its own workers', async () => {
    const run = promisify(execFile)(process.execPath, [path.join(MODULES, 'program.mjs')]);
    const message = 'program.mjs began to compute when a worker imported it for its function';
    await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining(message) });
  });
});

describe('vectors of another copy of the library', () => {
  it('are taken by their shape', async () => {
    const made = define((batch) => batch.vector('text'));
    const values = vectorFromArray(['x', null], new Utf8());
    expect(await valuesOf(made('text'), textBatches([...values]))).toEqual(['x', null]);
  });
});
