import {
  Dictionary,
  Field,
  Int32,
  LargeUtf8,
  type RecordBatch,
  Schema,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { type ColumnInput, col, concat, lit } from '../../src/predict/columns.js';
import { batchUdf } from '../../src/predict/udf.js';
import type { Udf, UdfOptions, UdfStats } from '../../src/predict/udfTypes.js';
import { batchOf, sliceBatch } from '../../src/table/columns.js';

const udfs: Udf[] = [];
afterAll(async () => {
  for (const udf of udfs) await udf.close();
});

async function echo(options: UdfOptions = {}): Promise<Udf> {
  const udf = await batchUdf('builtin:echo', { workers: 2, ...options });
  udfs.push(udf);
  return udf;
}

function batch(columns: Readonly<Record<string, Vector>>): RecordBatch {
  const fields = Object.entries(columns).map(([name, { type }]) => new Field(name, type, true));
  const children = Object.values(columns).map((vector) => vector.data[0]);
  return batchOf(new Schema(fields), children, children[0].length);
}

const texts = (values: readonly (string | null)[]) => vectorFromArray([...values], new Utf8());

/** The new column of these batches, value by value. */
async function answers(udf: Udf, batches: readonly RecordBatch[], text: ColumnInput): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const out of udf.over(batches, { text })) values.push(...out.getChild('generated_summary')!);
  return values;
}

async function refused(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PrecisError);
  return (error as PrecisError).message;
}

describe('what is read', () => {
  const sample = batch({
    title: texts(['a', null, 'ä€😀', '']),
    large: vectorFromArray(['one', 'two', null, 'four'], new LargeUtf8()),
    kind: vectorFromArray(['x', 'yy', 'x', null], new Dictionary(new Utf8(), new Int32())),
    number: vectorFromArray([1, 2, 3, 4], new Int32()),
  });

  it.each<[string, ColumnInput, (string | null)[]]>([
    ['utf8', 'title', ['a', null, 'ä€😀', '']],
    ['large utf8', 'large', ['one', 'two', null, 'four']],
    ['a dictionary', col('kind'), ['x', 'yy', 'x', null]],
    ['a text for all', lit('same'), ['same', 'same', 'same', 'same']],
    ['columns one after the other', concat(col('title'), lit('\n'), col('large')), ['a\none', null, null, '\nfour']],
    ['columns by name alone', concat('kind', 'large'), ['xone', 'yytwo', null, null]],
    ['an expression of expressions', concat(concat('title', lit('-')), 'kind'), ['a-x', null, 'ä€😀-x', null]],
  ])('%s', async (_, input, expected) => {
    const udf = await echo();
    expect(await answers(udf, [sample], input)).toEqual(expected);
    expect(await answers(udf, [sliceBatch(sample, 1, 3)], input)).toEqual(expected.slice(1, 3));
  });

  it.each<[ColumnInput, string]>([
    [
      'titel',
      '[column] the table has no column "titel", expected one of title, large, kind, number; did you mean title?',
    ],
    [concat('title', 'number'), '[column] column number of the table is of type Int32, expected a column of text'],
  ])('refuses %j', async (input, message) => {
    const udf = await echo();
    expect(await refused(answers(udf, [sample], input))).toContain(message);
    expect(() => udf(input).field('new', sample.schema)).toThrow(message);
  });

  it('says what it reads before it reads', async () => {
    expect((await echo())(concat('title', lit(' '), 'kind', 'title')).columns).toEqual(['title', 'kind']);
  });

  it('is nullable if what it reads is', async () => {
    const schema = new Schema([new Field('sure', new Utf8(), false), new Field('maybe', new Utf8(), true)]);
    const udf = await echo();
    expect(udf('sure').field('new', schema).nullable).toBe(false);
    expect(udf(concat('sure', 'maybe')).field('new', schema).nullable).toBe(true);
    expect((await echo({ onError: 'null' }))('sure').field('new', schema).nullable).toBe(true);
  });
});

describe('what is no stream of texts or batches', () => {
  const wrong = (udf: Udf) => udf.over as unknown as (...args: unknown[]) => AsyncIterable<unknown>;

  it.each<[unknown, object | undefined, string]>([
    ['a text', undefined, '[input] over was given a string, expected a list or a stream of texts'],
    [null, { text: 'text' }, '[input] over was given null, expected a list or a stream of record batches'],
    [['a'], { column: 'new' }, '[usage] unknown option column, expected one of signal'],
    [[], { text: 'text', colum: 'new' }, '[usage] unknown option colum'],
  ])('is refused at once: %j %j', async (rows, how, message) => {
    const udf = await echo();
    expect(() => wrong(udf)(rows, how)).toThrow(message);
  });

  it.each<[unknown[], object | undefined, string]>([
    [['a', undefined], undefined, '[input] row 2 is undefined, expected a text or null'],
    [[7], undefined, '[input] row 1 is a number, expected a text or null'],
    [[batch({ text: texts(['a']) })], undefined, "give { text: 'column' }"],
    [['a'], { text: 'text' }, '[input] a batch is a string, expected a record batch'],
    [
      [batch({ text: texts(['a']) }), batch({ body: texts(['b']) })],
      { text: 'text' },
      '[column] the table has no column "text", expected one of body',
    ],
  ])('is refused when it comes: %#', async (rows, how, message) => {
    const all = async () => {
      for await (const _ of wrong(await echo())(rows, how));
    };
    expect(await refused(all())).toContain(message);
  });
});

describe('equal texts', () => {
  const rows = ['a', 'b', 'a', null, 'c', 'b', '', 'a', null, ''];

  it.each<UdfOptions & { duplicates: number }>([
    { duplicates: 4 },
    { duplicates: 4, partitionRows: 1 },
    { duplicates: 0, dedupe: false },
  ])('are counted and joined back: %j', async ({ duplicates, ...options }) => {
    const udf = await echo(options);
    const batches = [batch({ text: texts(rows) }), batch({ text: texts([]) }), batch({ text: texts(['z', null]) })];
    expect(await answers(udf, batches, 'text')).toEqual([...rows, 'z', null]);
    expect(udf.stats).toMatchObject({ rows: 12, nulls: 3, duplicates, failed: 0 });
  });

  it('are one with those that are still on their way', async () => {
    const udf = await echo({ partitionRows: 2 });
    const many = Array.from({ length: 500 }, (_, i) => `text ${i % 7}`);
    expect(await answers(udf, [batch({ text: texts(many) }), batch({ text: texts(many) })], 'text')).toEqual([
      ...many,
      ...many,
    ]);
    expect(udf.stats.duplicates).toBe(993);
  });

  it('are not confused with texts that begin alike, of any length', async () => {
    const alike = Array.from({ length: 300 }, (_, i) => 'x'.repeat(i));
    const udf = await echo();
    expect(await answers(udf, [batch({ text: texts([...alike, ...alike]) })], 'text')).toEqual([...alike, ...alike]);
    expect(udf.stats.duplicates).toBe(300);
  });

  it('are forgotten when too much was seen since, and computed again', async () => {
    const udf = await echo();
    const filler = 'some words that take room '.repeat(80);
    const again = [`0 0 ${filler}`, `39 999 ${filler}`];
    async function* batches() {
      for (let b = 0; b < 40; b++) {
        yield batch({ text: texts(Array.from({ length: 1000 }, (_, i) => `${b} ${i} ${filler}`)) });
      }
      yield batch({ text: texts(again) });
    }
    let last: RecordBatch | null = null;
    for await (const out of udf.over(batches(), { text: 'text' })) last = out;
    expect([...last!.getChild('generated_summary')!].slice(-2)).toEqual(again);
    expect(udf.stats.rows).toBe(40_002);
    expect(udf.stats.duplicates).toBe(1);
  });
});

describe('the stream', () => {
  it('of no batches and of batches without rows', async () => {
    const udf = await echo();
    expect(await answers(udf, [], 'text')).toEqual([]);
    expect(await answers(udf, [batch({ text: texts([]) })], 'text')).toEqual([]);
    expect(await answers(udf, [batch({ text: texts([null, null]) })], 'text')).toEqual([null, null]);
  });

  it('answers what has come before more comes', async () => {
    const udf = await echo();
    const seen: unknown[] = [];
    let answered = () => {};
    async function* slow() {
      for (let i = 0; i < 3; i++) {
        const answer = new Promise<void>((resolve) => {
          answered = resolve;
        });
        yield `text ${i}`;
        // Would wait for ever if nothing were answered before the next text is there.
        await answer;
      }
    }
    for await (const text of udf.over(slow())) {
      seen.push(text);
      answered();
    }
    expect(seen).toEqual(['text 0', 'text 1', 'text 2']);
  });

  it('is read no further ahead of a slow reader than its window', async () => {
    const udf = await echo({ partitionRows: 16 });
    const total = 20_000;
    // Two workers: ten partitions of fresh texts, and the slice that goes past them.
    const window = 10 * 16 + 2 * 16;
    let pulled = 0;
    let taken = 0;
    let furthest = 0;
    async function* source() {
      for (; pulled < total; pulled += 8) {
        furthest = Math.max(furthest, pulled - taken);
        yield batch({ text: texts(Array.from({ length: 8 }, (_, i) => `text ${pulled + i}`)) });
      }
    }
    for await (const out of udf.over(source(), { text: 'text' })) {
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      taken += out.numRows;
    }
    expect(taken).toBe(total);
    expect(furthest).toBeLessThanOrEqual(window);
    expect(furthest).toBeGreaterThan(32);
  });

  it('does not pile up texts that need no work, which no worker holds back', async () => {
    const udf = await echo();
    let pulled = 0;
    let taken = 0;
    let furthest = 0;
    function* source() {
      for (; pulled < 12_000; pulled++) {
        furthest = Math.max(furthest, pulled - taken);
        yield pulled % 2 === 0 ? 'the same' : null;
      }
    }
    for await (const _ of udf.over(source())) {
      taken++;
      if (taken % 4 === 0) await new Promise(setImmediate);
    }
    expect(taken).toBe(12_000);
    expect(furthest).toBeLessThan(4100);
  });

  it('ends its source when its reader leaves, and serves the next one', async () => {
    const udf = await echo({ partitionRows: 4 });
    let closed = false;
    async function* endless() {
      try {
        for (let i = 0; ; i++) yield `text ${i}`;
      } finally {
        closed = true;
      }
    }
    const first: unknown[] = [];
    for await (const text of udf.over(endless())) if (first.push(text) === 3) break;
    expect(first).toEqual(['text 0', 'text 1', 'text 2']);
    expect(closed).toBe(true);
    expect(await answers(udf, [batch({ text: texts(['still', 'here']) })], 'text')).toEqual(['still', 'here']);
  });

  it('stops when it is aborted, with the reason', async () => {
    const udf = await batchUdf('builtin:echo?delayMs=1', { workers: 2, partitionRows: 8 });
    udfs.push(udf);
    const controller = new AbortController();
    async function* endless() {
      for (let i = 0; ; i++) yield `text ${i}`;
    }
    const reason = new Error('enough');
    const running = (async () => {
      for await (const _ of udf.over(endless(), { signal: controller.signal })) controller.abort(reason);
    })();
    await expect(running).rejects.toBe(reason);
  });

  it('fails as its source fails, and what came before that is in order', async () => {
    const udf = await echo({ partitionRows: 2 });
    async function* broken() {
      yield* ['one', 'two', 'three'];
      throw new Error('the disk is gone');
    }
    const seen: unknown[] = [];
    const running = (async () => {
      for await (const text of udf.over(broken())) seen.push(text);
    })();
    await expect(running).rejects.toThrow('the disk is gone');
    expect(['one', 'two', 'three'].slice(0, seen.length)).toEqual(seen);
  });

  it('runs beside others of the same function, and through several functions', async () => {
    const udf = await echo({ partitionRows: 3 });
    const other = await echo({ maxNewTokens: 1 });
    const rows = Array.from({ length: 50 }, (_, i) => `word${i % 9} and more`);
    const both = await Promise.all([
      answers(udf, [batch({ text: texts(rows) })], 'text'),
      answers(udf, [batch({ text: texts(rows) })], 'text'),
    ]);
    expect(both).toEqual([rows, rows]);
    const first = udf.over([batch({ text: texts(rows) })], { text: 'text', column: 'copy' });
    const chained: unknown[] = [];
    for await (const out of other.over(first, { text: 'copy' })) chained.push(...out.getChild('generated_summary')!);
    expect(chained).toEqual(rows.map((row) => row.split(' ')[0]));
  });
});

describe('figures while it runs', () => {
  it('come in order, never go back, and end with the whole', async () => {
    const seen: { rows: number; texts: number }[] = [];
    const options = {
      workers: 2,
      partitionRows: 4,
      onProgress: ({ rows, texts: done }: UdfStats) => seen.push({ rows, texts: done }),
    };
    const udf = await batchUdf('builtin:echo?delayMs=10', options);
    udfs.push(udf);
    const rows = Array.from({ length: 60 }, (_, i) => `text ${i % 50}`);
    await answers(udf, [batch({ text: texts(rows) })], 'text');
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ rows: 60, texts: 50 });
    for (const name of ['rows', 'texts'] as const) {
      const values = seen.map((figures) => figures[name]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });
});
