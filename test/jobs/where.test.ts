import {
  Bool,
  DateDay,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  Null,
  type RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import { expect, it } from 'vitest';
import { compileWhere } from '../../src/jobs/where/compile.js';
import { selectColumns, sliceBatch } from '../../src/table/columns.js';
import { batchFromRows } from '../../src/table/fromRows.js';
import { tableFromRows } from '../../src/table/open.js';
import { describePython, hasModule, runPython } from '../python.js';
import { scratchFolder } from '../table/textFiles.js';

const TYPES = new Schema([
  new Field('n', new Int32(), true),
  new Field('big', new Int64(), true),
  new Field('x', new Float64(), true),
  new Field('half', new Float32(), true),
  new Field('t', new Utf8(), true),
  new Field('u', new Utf8(), true),
  new Field('word', new Dictionary(new Utf8(), new Int32()), true),
  new Field('flag', new Bool(), true),
  new Field('day', new DateDay(), true),
  new Field('moment', new TimestampMicrosecond(), true),
  new Field('meta', new Struct([new Field('score', new Float64(), true), new Field('who', new Utf8(), true)]), true),
  new Field('my col', new Int32(), true),
  new Field('none', new Null(), true),
]);

const TEXTS = ['', 'a', 'ab', 'abc', 'ABC', 'ä', 'äb', '😀', '😀b', 'a%b', 'a_b', "it's", 'a\nb', 'high', 'low', 'zz'];
const NUMBERS = [0, -0, 1, -1, 2, 2.5, 0.1, 1e10, -3, Number.NaN, Number.POSITIVE_INFINITY];
const BIG = [0n, 1n, -1n, 9007199254740993n, 9007199254740992n, 1234567890123456789n, 3n];

/** Rows in which every value meets every other, nulls among them; the same in every run. */
function rows(count: number): Record<string, unknown>[] {
  let state = 7;
  const pick = <Value>(values: readonly Value[]): Value | null => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const at = (state >>> 8) % (values.length + 1);
    return at === values.length ? null : values[at];
  };
  return Array.from({ length: count }, () => ({
    n: pick([0, 1, 2, 3, -5, 40]),
    big: pick(BIG),
    x: pick(NUMBERS),
    half: pick([0.5, 0.1, 0.25, 3].map(Math.fround)),
    t: pick(TEXTS),
    u: pick(TEXTS),
    word: pick(['high', 'low', 'a_b', '']),
    flag: pick([true, false]),
    day: pick([0, 20000, 20484].map((days) => new Date(days * 86_400_000))),
    moment: pick([0, 1767225600000, 1767225600001, -1].map((ms) => ms)),
    meta: pick([
      { score: 1.5, who: 'a' },
      { score: null, who: 'high' },
      { score: 0.1, who: null },
    ]),
    'my col': pick([1, 2]),
    none: null,
  }));
}

const CONDITIONS = [
  'n = 1',
  'n == 1',
  'n <> 1',
  'n != 1',
  'n < 2',
  'n >= 2.5',
  '2 < n',
  'n = -5',
  'big = 9007199254740993',
  'big > 9007199254740992',
  'big <= 1234567890123456789',
  'big in (3, 9007199254740993)',
  'n < big',
  'x > n',
  'x = 0',
  'x > 2',
  'x <= 0.1',
  'x <> 2.5',
  'half = 0.1',
  'half <= 0.25',
  'half in (0.1, 3)',
  "t = 'abc'",
  "t <> ''",
  "t < 'ab'",
  "t >= 'ä'",
  't > u',
  't = u',
  "t = 'it''s'",
  "t like 'a%'",
  "t like '%b'",
  "t like '_b'",
  "t like '%a_b%'",
  "t like '%'",
  "t like ''",
  "t like '_'",
  "t not like 'a%b'",
  "t like 'A%'",
  "t like '%😀%'",
  "t in ('a', 'ä', 'high')",
  "t not in ('a', '')",
  'n in (1, 2, -5)',
  'n not in (1)',
  "word = 'high'",
  "word in ('high', '')",
  "word like '%i%'",
  'word is null',
  't is null',
  't is not null',
  'meta is null',
  'none is null',
  'none = 3',
  'not none = 3',
  'flag',
  'not flag',
  'flag = true',
  'flag <> false',
  'flag and n = 1',
  'flag or n = 1',
  'not (flag or n = 1)',
  'not (flag and n = 1)',
  'n = 1 or n = 2 and flag',
  '(n = 1 or n = 2) and flag',
  'not n = 1',
  'not not n = 1',
  'n between 1 and 3',
  'n not between 1 and 3',
  '(n = 1) is null',
  '(n = 1 and flag) is not null',
  "day = '2024-10-04'",
  "day > '2000-01-01'",
  "moment >= '2026-01-01'",
  "moment = '2026-01-01 00:00:00.001'",
  'moment > day',
  'meta.score > 1',
  "meta.who = 'high'",
  'meta.score is null',
  "meta.who in ('a')",
  '"my col" = 2',
  "NOT t LIKE 'a%' OR flag",
  'n is null',
  'true',
  'false or flag',
];

const batch = batchFromRows(rows(997), TYPES);
const chosen = (where: string, over: RecordBatch = batch) =>
  [...compileWhere(where, over.schema).mask(over)].flatMap((value, row) => (value === 1 ? [row] : []));

describePython('the same rows as DuckDB', () => {
  const scratch = scratchFolder();
  it.skipIf(!hasModule('duckdb'))('for every condition', async () => {
    const file = scratch('rows.parquet');
    const list = scratch('conditions.json', JSON.stringify(CONDITIONS));
    const numbered = batchFromRows(
      rows(997).map((row, i) => ({ ...row, row: i })),
      new Schema([...TYPES.fields, new Field('row', new Int32(), false)]),
    );
    const { tableFromBatches } = await import('../../src/table/open.js');
    await tableFromBatches(numbered.schema, async function* () {
      yield numbered;
    }).write(file);
    const code = `import sys, json, duckdb
duckdb.sql(f"create view v as select * from read_parquet('{sys.argv[1]}')")
out = []
for where in json.load(open(sys.argv[2])):
    try: out.append([r[0] for r in duckdb.sql(f"select row from v where {where} order by row").fetchall()])
    except Exception as e: out.append(str(e))
print(json.dumps(out))`;
    const theirs: unknown[] = JSON.parse(runPython(code, [file, list]));
    const ours = CONDITIONS.map((where) => chosen(where));
    const told = (found: readonly unknown[]) => Object.fromEntries(CONDITIONS.map((where, i) => [where, found[i]]));
    expect(told(ours)).toEqual(told(theirs));
    // A condition that always says the same would agree by chance.
    expect(ours.filter((found) => found.length > 0 && found.length < 997).length).toBeGreaterThan(60);
  });

  it.skipIf(!hasModule('duckdb'))('for contains, which DuckDB writes as a function', () => {
    const needles = ['', 'b', 'ä', '😀', 'abc', '%', "it's"];
    const texts = rows(997).map(({ t }) => t);
    const file = scratch('texts.json', JSON.stringify({ texts, needles }));
    const code = `import sys, json, duckdb
given = json.load(open(sys.argv[1]))
one = 'select list_transform(?::varchar[], lambda t: contains(t, ?::varchar))'
print(json.dumps([[i for i, found in enumerate(duckdb.execute(one, [given['texts'], needle]).fetchone()[0]) if found] for needle in given['needles']]))`;
    const theirs = JSON.parse(runPython(code, [file]));
    expect(needles.map((needle) => chosen(`t contains '${needle.replaceAll("'", "''")}'`))).toEqual(theirs);
  });
});

it('says the same of a part of a batch, and of one with fewer columns', async () => {
  for (const where of ['flag', 'not flag', "t like '%b'", 'meta.score > 1', 'word is null', 'n < big']) {
    const part = sliceBatch(batch, 13, 777);
    const expected = chosen(where).filter((row) => row >= 13 && row < 777);
    expect(chosen(where, part).map((row) => row + 13)).toEqual(expected);
    const compiled = compileWhere(where, batch.schema);
    const fewer = tableFromRows([]).schema;
    expect(fewer.fields).toEqual([]);
    const own = selectColumns(batch, [...compiled.columns].reverse());
    expect([...compiled.mask(own)]).toEqual([...compiled.mask(batch)]);
  }
});

it.each<[string, string]>([
  ['', 'nothing at character 1, expected a condition'],
  ['n =', 'the end at character 4, expected a column or a value'],
  ['n = 1 1', '"1" at character 7, expected and, or, or the end'],
  ['n = 1 = 2', '"=" at character 7, expected and, or, or the end; put the first comparison in parentheses'],
  ["t = 'abc", "a text without its end (') at character 5"],
  ['n & 1', '"&" has no meaning at character 3'],
  ['(n = 1', 'the end at character 7, expected )'],
  ['n = null', 'null as a value at character 5, expected is null or is not null'],
  ['n in ()', '")" at character 7, expected a value'],
  ['n is 3', '"3" at character 6, expected null, or not null'],
  ['t = 5', 't (text) is compared with the number "5" at character 3, expected a text; put it in quotes: \'5\''],
  ["n = 'a'", 'n (number) is compared with the text "a" at character 3, expected a number'],
  ['n = t', 'n (number) is compared with t (text) at character 3'],
  ['flag = 1', 'flag (boolean) is compared with the number "1" at character 6'],
  ["day = 'soon'", '"soon" is no time at character 5'],
  ['n', 'n (number) by itself at character 1'],
  ['m = 1', 'the table has no column "m" at character 1'],
  ['wrod = 1', 'did you mean word?'],
  ['meta.scor = 1', 'column meta has no field "scor" at character 1, expected one of score, who; did you mean score?'],
  ['n.a = 1', 'n is no struct: it has no field a at character 1'],
  ['t like 5', '5 after like at character 8'],
  ['1 = 1', 'two values are compared at character 3'],
  ['3abc = 1', '3a is no number at character 1'],
  [`${'('.repeat(600)}n = 1${')'.repeat(600)}`, 'parentheses too deep'],
])('%j is refused', (where, expected) => {
  expect(() => compileWhere(where, batch.schema)).toThrow(expected);
});
