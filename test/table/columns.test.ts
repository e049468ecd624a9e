import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float64,
  Int8,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Map_,
  makeData,
  Null,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Uint16,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import {
  appendColumn,
  batchFromIpc,
  batchToIpc,
  concatBatches,
  requireColumn,
  requireText,
  selectColumns,
  sliceBatch,
  textValues,
} from '../../src/table/columns.js';

const WORDS = [
  'one',
  null,
  '',
  'fünf',
  'a longer text than the others',
  '\u{1f600}',
  null,
  'שלום',
  '\ufeffmarked',
  'end',
];
const ROWS = 70;

function values<T>(make: (row: number) => T): T[] {
  return Array.from({ length: ROWS }, (_, row) => make(row));
}

const word = (row: number) => WORDS[row % WORDS.length];
const maybe = <T>(row: number, value: T) => (row % 5 === 2 ? null : value);

/** A column of each shape that buffers can have. */
const COLUMNS: Record<string, [DataType, unknown[]]> = {
  int: [new Int32(), values((row) => maybe(row, row * 3 - 50))],
  long: [new Int64(), values((row) => BigInt(row) << 40n)],
  flag: [new Bool(), values((row) => maybe(row, row % 3 === 0))],
  double: [new Float64(), values((row) => row / 7)],
  text: [new Utf8(), values(word)],
  large: [new LargeUtf8(), values(word)],
  nothing: [new Null(), values(() => null)],
  stamp: [new TimestampMicrosecond('Europe/Berlin'), values((row) => maybe(row, row * 1000))],
  words: [new Dictionary(new Utf8(), new Int8(), 0), values(word)],
  list: [
    new List(new Field('item', new Utf8(), true)),
    values((row) => maybe(row, values(word).slice(row % 4, (row % 4) + (row % 3)))),
  ],
  pair: [new FixedSizeList(2, new Field('item', new Int32(), true)), values((row) => maybe(row, [row, -row]))],
  struct: [
    new Struct([new Field('a', new Utf8(), true), new Field('b', new Bool(), true)]),
    values((row) => maybe(row, { a: word(row), b: row % 2 === 0 })),
  ],
  map: [
    new Map_(
      new Field(
        'entries',
        new Struct<{ key: Utf8; value: Uint16 }>([
          new Field('key', new Utf8(), false),
          new Field('value', new Uint16(), true),
        ]),
        false,
      ),
    ),
    values((row) => maybe(row, new Map([[`k${row}`, row]]))),
  ],
};

function table(): RecordBatch {
  const entries = Object.entries(COLUMNS);
  const fields = entries.map(([name, [type]]) => new Field(name, type, true));
  const schema = new Schema(fields, new Map([['origin', 'test']]));
  const children = entries.map(([, [type, list]]) => vectorFromArray(list, type).data[0]);
  return new RecordBatch(schema, makeData({ type: new Struct(fields), length: ROWS, children }));
}

/** The rows as the library itself reads them. */
function rows(batch: RecordBatch): string[] {
  const show = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  return batch.toArray().map((row) => JSON.stringify(row, show));
}

const CUTS = [
  [0, ROWS],
  [0, 0, 1, 9, 16, 17, 40, ROWS],
  [3, 11, 64, ROWS],
  [5, 5],
  [69, ROWS],
];

describe.each(CUTS.map((cuts) => [cuts.join('-'), cuts] as const))('cut at %s', (_, cuts) => {
  const whole = table();
  const slices = cuts.slice(1).map((end, i) => sliceBatch(whole, cuts[i], end));

  it('slices hold the rows of the range', () => {
    expect(slices.flatMap(rows)).toEqual(rows(whole).slice(cuts[0], cuts.at(-1)));
  });

  it('slices put together are the rows they were cut from', () => {
    const joined = concatBatches(slices);
    expect(rows(joined)).toEqual(rows(whole).slice(cuts[0], cuts.at(-1)));
    expect(joined.schema.metadata).toEqual(whole.schema.metadata);
    expect(joined.data.children.every((child) => child.offset === 0)).toBe(true);
  });

  it.each(slices.map((slice, i) => [i, slice] as const))('slice %i goes through bytes', (i, slice) => {
    const bytes = batchToIpc(slice);
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    expect(rows(batchFromIpc(bytes))).toEqual(rows(whole).slice(cuts[i], cuts[i + 1]));
  });
});

it('a small slice makes few bytes, however large the batch', () => {
  const big = sliceBatch(concatBatches(Array.from({ length: 300 }, table)), 10_001, 10_003);
  expect(batchToIpc(big).length).toBeLessThan(8_000);
});

describe('dictionaries', () => {
  const type = (index: DataType) => new Dictionary(new Utf8(), index as Int8, 7);
  const batch = (index: DataType, words: string[]) => {
    const schema = new Schema([new Field('w', type(index), true)]);
    const data = vectorFromArray(words, type(index)).data[0];
    return new RecordBatch(
      schema,
      makeData({ type: new Struct(schema.fields), length: words.length, children: [data] }),
    );
  };

  it('of several batches become one, each word once', () => {
    const joined = concatBatches([
      batch(new Int8(), ['b', 'a', 'b']),
      batch(new Int8(), ['c', 'a']),
      batch(new Int8(), ['d']),
    ]);
    expect(textValues(joined.getChild('w')!)).toEqual(['b', 'a', 'b', 'c', 'a', 'd']);
    expect(textValues(joined.data.children[0].dictionary!)).toEqual(['b', 'a', 'c', 'd']);
    expect(textValues(batchFromIpc(batchToIpc(joined)).getChild('w')!)).toEqual(['b', 'a', 'b', 'c', 'a', 'd']);
  });

  it('keep apart what differs by a byte order mark alone', () => {
    const joined = concatBatches([batch(new Int8(), ['a']), batch(new Int8(), ['\ufeffa'])]);
    expect(textValues(joined.getChild('w')!)).toEqual(['a', '\ufeffa']);
  });

  it('that outgrow their index type are refused', () => {
    const words = (from: number) => Array.from({ length: 100 }, (_, i) => `${from + i}`);
    const batches = [batch(new Int8(), words(0)), batch(new Int8(), words(100))];
    expect(() => concatBatches(batches)).toThrow(/^\[column\] batches whose dictionaries .* more than 128 values/);
  });
});

describe('textValues', () => {
  it.each(['text', 'large', 'words'])('reads %s as it was written, marks at its start and nulls included', (name) => {
    expect(textValues(table().getChild(name)!)).toEqual(values(word));
    expect(textValues(sliceBatch(table(), 7, 23).getChild(name)!)).toEqual(values(word).slice(7, 23));
  });
});

describe('appendColumn', () => {
  const numbers = (from: number) =>
    vectorFromArray(
      values((row) => from + row),
      new Int32(),
    );

  it('puts a new column last, and one of a known name into its place', () => {
    const more = appendColumn(table(), new Field('next', new Int32(), true), numbers(0));
    expect(more.schema.names).toEqual([...Object.keys(COLUMNS), 'next']);
    const again = appendColumn(more, new Field('int', new Int32(), true), numbers(5));
    expect(again.schema.names).toEqual(more.schema.names);
    expect(again.getChild('int')!.toArray()).toEqual(numbers(5).toArray());
    expect(again.schema.metadata).toEqual(table().schema.metadata);
  });

  it('takes a vector of several chunks', () => {
    const chunks = new Vector([numbers(0).data[0].slice(0, 3), numbers(0).data[0].slice(3, ROWS - 3)]);
    const more = appendColumn(table(), new Field('next', new Int32(), true), chunks);
    expect(more.getChild('next')!.toArray()).toEqual(numbers(0).toArray());
  });

  it('refuses a column of another length', () => {
    const short = numbers(0).slice(0, 3);
    expect(() => appendColumn(table(), new Field('n', new Int32()), short)).toThrow(
      '3 values for column n, expected 70',
    );
  });
});

it('selectColumns takes columns in the order of the names', () => {
  expect(selectColumns(table(), ['text', 'int']).schema.names).toEqual(['text', 'int']);
});

describe('a column that is not there, or no text', () => {
  const { schema } = table();
  it.each([
    ['txet', /^\[column\] t\.parquet has no column "txet", expected one of int, long, .*; did you mean text\?$/],
    ['quite another', /^\[column\] t\.parquet has no column "quite another", expected one of int, .*map$/],
  ])('%s', (name, message) => {
    expect(() => requireColumn(schema, name, 't.parquet')).toThrow(message);
  });

  it.each(['int', 'list'])('%s is no text', (name) => {
    expect(() => requireText(schema, name, 't.parquet')).toThrow(
      /is of type .*, expected a column of text; columns of text here: text, large, words$/,
    );
  });

  it.each(['text', 'large', 'words', 'nothing'])('%s is text or nothing', (name) => {
    expect(requireText(schema, name, 't.parquet').name).toBe(name);
    expect(textValues(table().getChild(name)!)).toEqual(COLUMNS[name][1]);
  });
});
