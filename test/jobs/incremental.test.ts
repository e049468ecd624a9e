import {
  type Data,
  DataType,
  Decimal,
  Field,
  Int32,
  Int64,
  makeData,
  type RecordBatch,
  Schema,
  Timestamp,
  TimestampMicrosecond,
  TimestampNanosecond,
  TimeUnit,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/engine/search/random.js';
import { openPrevious, type PreviousOptions } from '../../src/jobs/incremental/openPrevious.js';
import { detailsType } from '../../src/predict/detailed/details.js';
import { batchOf, sliceBatch } from '../../src/table/columns.js';
import { readTable, tableFromBatches } from '../../src/table/open.js';
import type { Table } from '../../src/table/table.js';
import { batchWith, type Columns } from '../table/delta/rows.js';
import { problemOf } from '../table/delta/support.js';
import { scratchFolder } from '../table/textFiles.js';
import { answerOf, knownValues, TEXT_DETAILS, textsOf } from './answers.js';

const scratch = scratchFolder();

function tableOf(batch: RecordBatch): Table {
  return tableFromBatches(batch.schema, async function* () {
    yield batch;
  });
}

/** Texts that look alike and are not. */
const ALIKE = [
  'caf\u00e9',
  'cafe\u0301',
  '\ufeffcaf\u00e9',
  'caf\u00e9 ',
  '',
  ' ',
  'a\nb',
  'a\r\nb',
  '"a,b"',
  '👩‍👩‍👧',
  '👩👩👧',
  null,
];

type Texts = Map<bigint, string | null>;

/** The table of the next day: some rows are gone, some have another text, some are new. Says how many of its rows are new or changed. */
function nextDay(today: Texts, random: () => number, day: number): { readonly texts: Texts; readonly fresh: number } {
  const texts: Texts = new Map();
  let fresh = 0;
  const draw = () => (random() < 0.5 ? ALIKE[Math.floor(random() * ALIKE.length)] : `text ${random()}`);
  for (const [id, text] of today) {
    const chance = random();
    if (chance < 0.1) continue;
    const next = chance < 0.25 ? draw() : text;
    texts.set(id, next);
    if (next !== text) fresh++;
  }
  for (let row = 0; row < 20 + 20 * random(); row++) {
    // Beyond what a double tells apart, so that neighbours would be one key.
    texts.set(2n ** 60n + BigInt(day * 1000 + row), draw());
    fresh++;
  }
  return { texts: new Map([...texts].sort(() => random() - 0.5)), fresh };
}

type KeyColumns = (ids: readonly bigint[]) => Columns;
const KEYS: Readonly<Record<string, KeyColumns>> = {
  int64: (ids) => ({ id: [new Int64(), ids] }),
  text: (ids) => ({ id: [new Utf8(), ids.map((id) => `key 😀 ${id}`)] }),
  timestamp: (ids) => ({ id: [new TimestampMicrosecond('UTC'), ids] }),
  'text and int32': (ids) => ({
    region: [new Utf8(), ids.map((id) => `r${id % 3n}`)],
    number: [new Int32(), ids.map((id) => Number(id - 2n ** 60n))],
  }),
  decimal: (ids) => ({ id: [new Decimal(2, 38, 128), ids] }),
};

function decimals(type: Decimal, ids: readonly bigint[]): Data {
  const words = new Uint32Array(ids.length * 4);
  ids.forEach((id, row) => {
    for (let i = 0; i < 4; i++) words[row * 4 + i] = Number((id >> BigInt(32 * i)) & 0xffffffffn);
  });
  return makeData({ type, length: ids.length, nullCount: 0, data: words });
}

function tableOfDay(texts: Texts, keys: KeyColumns, answers?: readonly (string | null)[]): RecordBatch {
  const ids = [...texts.keys()];
  const columns = keys(ids);
  const key = Object.entries(columns).map(([name, [type, values]]) => {
    if (!DataType.isDecimal(type)) return { name, data: batchWith({ [name]: [type, values] }).data.children[0] };
    return { name, data: decimals(type, ids) };
  });
  const rest = batchWith({
    document: [new Utf8(), [...texts.values()]],
    ...(answers && { summary: [new Utf8(), answers] }),
  });
  const fields = [...key.map(({ name, data }) => new Field(name, data.type, true)), ...rest.schema.fields];
  return batchOf(new Schema(fields), [...key.map(({ data }) => data), ...rest.data.children], ids.length);
}

describe.each(['parquet', 'csv', 'delta', 'jsonl', 'arrow'] as const)('ten days, kept as %s', (format) => {
  // JSON keeps decimals and large numbers as numbers of its own, and times as texts.
  const keys = Object.keys(KEYS).filter((name) => format !== 'jsonl' || name !== 'decimal');
  it.each(keys)('computes what is new or changed, by a key of %s', async (name) => {
    const random = createRandom(format.length, new Int32Array([name.length]), 0);
    const key = Object.keys(KEYS[name]([1n]));
    const out = scratch(`${format}-${name}/out${format === 'delta' ? '' : `.${format}`}`);
    let texts: Texts = new Map();
    let version: number | undefined;
    for (let day = 0; day < 10; day++) {
      const next = nextDay(texts, random, day);
      texts = next.texts;
      const input = tableOfDay(texts, KEYS[name]);
      const output = day === 0 ? null : await readTable(out, { version });
      const previous = await openPrevious({
        ...{ output, version: version ?? null, source: tableOf(input), key, errorColumn: null, isSameWork: true },
        columns: [{ name: 'summary', texts: ['document'], details: TEXT_DETAILS }],
      });
      const answers: (string | null)[] = [];
      let computed = 0;
      for (let start = 0; start < input.numRows; start += 31) {
        const batch = sliceBatch(input, start, start + 31);
        const found = knownValues(await previous.lookup(batch));
        const documents = textsOf(batch, 'document');
        found.forEach((value, row) => {
          if (value === undefined) computed++;
          answers.push(value === undefined ? answerOf(documents[row]) : value);
        });
      }
      await previous.close();
      expect({ day, computed }).toEqual({ day, computed: next.fresh });
      expect(answers).toEqual([...texts.values()].map(answerOf));
      const written = await tableOf(tableOfDay(texts, KEYS[name], answers)).write(out, {
        ...{ mode: 'overwrite', ...(format === 'delta' && { format }) },
      });
      version = written.version;
    }
  });
});

const DAY: Columns = {
  id: [new Int64(), [1n, 2n, 3n, 4n, null, 6n]],
  document: [new Utf8(), ['a', 'b', 'c', null, 'e', 'f']],
  summary: [new Utf8(), ['A', null, 'C', null, 'E', '']],
  error: [new Utf8(), [null, null, '[engine] it broke', null, null, null]],
};

const { summary: _, error: __, ...TODAY } = DAY;

function options(output: Columns, more: Partial<PreviousOptions> = {}): PreviousOptions {
  return {
    ...{ output: tableOf(batchWith(output)), version: null, source: tableOf(batchWith(TODAY)), key: ['id'] },
    columns: [{ name: 'summary', texts: ['document'], details: TEXT_DETAILS }],
    ...{ errorColumn: 'error', isSameWork: true },
    ...more,
  };
}

describe('a row of the last output', () => {
  it('is computed again if it failed, has no whole key, or has no answer to a text', async () => {
    const previous = await openPrevious(options(DAY));
    expect(knownValues(await previous.lookup(batchWith(TODAY)))).toEqual([
      'A',
      undefined,
      undefined,
      null,
      undefined,
      '',
    ]);
  });

  it('is known with its value and nothing else', async () => {
    const { details } = await (await openPrevious(options(DAY))).lookup(batchWith(TODAY));
    const rows = batchOf(new Schema([new Field('d', details[0].type, true)]), [...details], 6).toArray();
    expect(rows.map((row) => row?.toJSON().d?.toJSON() ?? null)).toEqual([
      { value: 'A', error: null, input_tokens: null, output_tokens: null, truncated: false },
      null,
      null,
      { value: null, error: null, input_tokens: null, output_tokens: null, truncated: false },
      null,
      { value: '', error: null, input_tokens: null, output_tokens: null, truncated: false },
    ]);
  });

  it('is nothing if the work is another', async () => {
    const previous = await openPrevious(options(DAY, { isSameWork: false }));
    expect(knownValues(await previous.lookup(batchWith(TODAY)))).toEqual(new Array(6).fill(undefined));
  });

  it('may share its key: each row takes the answer of its own text', async () => {
    const twice = {
      id: [new Int64(), [1n, 1n, 2n]],
      document: [new Utf8(), ['a', 'b', 'c']],
      summary: [new Utf8(), ['A', 'B', 'C']],
    } as const;
    const previous = await openPrevious(options(twice, { errorColumn: null }));
    const today = batchWith({ id: [new Int64(), [1n, 1n, 1n]], document: [new Utf8(), ['b', 'c', 'a']] });
    expect(knownValues(await previous.lookup(today))).toEqual(['B', undefined, 'A']);
  });

  it('is known only if all of its columns are', async () => {
    const two = { ...DAY, title: [new Utf8(), ['T', 'T', 'T', null, 'T', null]] } as const;
    const columns = ['title', 'summary'].map((name) => ({ name, texts: ['document'], details: TEXT_DETAILS }));
    const known = await (await openPrevious(options(two, { columns }))).lookup(batchWith(TODAY));
    expect(known.details).toHaveLength(2);
    expect(knownValues(known, known.details[0])).toEqual(['T', undefined, undefined, null, undefined, undefined]);
    expect(knownValues(known, known.details[1])).toEqual(['A', undefined, undefined, null, undefined, undefined]);
  });

  it('has a key that another unit or width may hold', async () => {
    const instants = [1_700_000_000_000_000_000n, 5n];
    const texts = [new Utf8(), ['a', 'b']] as const;
    const last = {
      at: [new Timestamp(TimeUnit.SECOND, 'UTC'), instants.map((instant) => instant / 1_000_000_000n)],
      small: [new Int32(), [1, 2]],
      document: texts,
      summary: texts,
    } as const;
    const now = {
      at: [new TimestampNanosecond('UTC'), instants],
      small: [new Int64(), [1n, 2n]],
      document: texts,
    } as const;
    const how = { key: ['at', 'small'], errorColumn: null, source: tableOf(batchWith(now)) };
    const previous = await openPrevious(options(last, how));
    expect(knownValues(await previous.lookup(batchWith(now)))).toEqual(['a', undefined]);
  });

  it('takes at most 27 bytes to be found', async () => {
    const count = 200_000;
    const ids = new BigInt64Array(count).map((_, i) => BigInt(i));
    const id = makeData({ type: new Int64(), length: count, nullCount: 0, data: ids });
    const empty = makeData({
      type: new Utf8(),
      length: count,
      nullCount: 0,
      valueOffsets: new Int32Array(count + 1),
      data: Buffer.alloc(0),
    });
    const fields = [new Field('id', id.type), new Field('document', empty.type), new Field('summary', empty.type)];
    const batch = batchOf(new Schema(fields), [id, empty, empty], count);
    const previous = await openPrevious({ ...options(DAY, { errorColumn: null }), output: tableOf(batch) });
    expect(previous.rows).toBe(count);
    // The index grows by blocks of 1 MB; the answers here are 4 bytes an offset.
    expect(previous.bytes / count - 4).toBeLessThan(27 + 1_048_576 / count);
  });
});

describe('a last output that cannot help', () => {
  const { document: ___, ...textless } = DAY;
  const { id: ____, ...keyless } = DAY;
  it.each<[string, Columns, Partial<PreviousOptions>, RegExp]>([
    [
      'has no text',
      textless,
      {},
      /^\[column\] the batches, the last output, has no column document, expected what the functions read of the last run in it: .* which texts changed; keep the column in the output, or run once without incremental$/,
    ],
    ['has no key', keyless, {}, /has no column id, expected the key of the last run in it/],
    ['has no answer', TODAY, {}, /has no column summary, expected the answers of the last run in it/],
    [
      'has another kind of key',
      { ...DAY, id: [new Decimal(0, 38, 128), []] },
      {},
      /^\[column\] key column id is Decimal\S* in the batches, the last output, and Int64 in the batches, expected text, whole numbers/,
    ],
    ['is asked without a key', DAY, { key: [] }, /^\[usage\] an incremental job without a key/],
    [
      'holds the answers where the texts were',
      DAY,
      { columns: [{ name: 'document', texts: ['document'], details: TEXT_DETAILS }] },
      /^\[column\] column document of the batches is made by the job, and it is also read by it/,
    ],
  ])('%s', async (_name, output, more, message) => {
    expect((await problemOf(openPrevious(options(output, more)))).message).toMatch(message);
  });

  it('is a CSV file, and the answers are no texts', async () => {
    const file = scratch('numbers.csv', 'id,document,summary\n1,a,5\n');
    const columns = [{ name: 'summary', texts: ['document'], details: detailsType(new Int32()) }];
    const how = options(DAY, { columns, output: await readTable(file), errorColumn: null });
    expect((await problemOf(openPrevious(how))).message).toBe(
      `[column] column summary of ${file}, the last output, is Utf8, expected Int32, what the function gives: a file that keeps text only cannot give it back; write Parquet, Arrow or Delta, or run without incremental`,
    );
  });

  it('is what is read now', async () => {
    const file = scratch('own.parquet');
    await tableOf(batchWith(DAY)).write(file);
    const [output, source] = [await readTable(file), await readTable(file)];
    expect((await problemOf(openPrevious(options(DAY, { output, source })))).message).toMatch(
      /own\.parquet is both the last output and what is read now: its texts are those of now/,
    );
  });
});
