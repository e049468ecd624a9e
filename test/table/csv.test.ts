import { readFileSync } from 'node:fs';
import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../src/table/textFiles/csv.js';
import { createCsvSink } from '../../src/table/textFiles/csvWriter.js';
import type { ReadOptions, WriteOptions } from '../../src/table/types.js';
import { describePython, hasModule, runPython } from '../python.js';
import { refusal, rowsOf, scratchFolder, writeAll } from './textFiles.js';

const scratch = scratchFolder();
let files = 0;
const file = (content: string | Uint8Array) => scratch(`${files++}.csv`, content);

describe('what a file says is what is read', () => {
  it.each<[string, string, ReadOptions, string[], (string | null)[][]]>([
    [
      'plain',
      'a,b\n1,2\n3,4\n',
      {},
      ['a', 'b'],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', {}, ['a', 'b'], [['1', '2']]],
    ['CRLF', 'a,b\r\n1,2\r\n', {}, ['a', 'b'], [['1', '2']]],
    [
      'CR alone',
      'a,b\r1,2\r3,4',
      {},
      ['a', 'b'],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['text as it stands', 'a,b\n 007 ,1e5\n', {}, ['a', 'b'], [[' 007 ', '1e5']]],
    [
      'nothing is null, quotes are an empty text',
      'a,b\n,""\n"",\n',
      {},
      ['a', 'b'],
      [
        [null, ''],
        ['', null],
      ],
    ],
    [
      'delimiter, line breaks and quotes in quotes',
      'a,b\n"x,y","1\n2\r\n""q"""\n',
      {},
      ['a', 'b'],
      [['x,y', '1\n2\r\n"q"']],
    ],
    ['only quotes', 'a\n""""\n""""""\n', {}, ['a'], [['"'], ['""']]],
    ['a quote within a bare field', 'a,b\n5" disk,x"y"\n', {}, ['a', 'b'], [['5" disk', 'x"y"']]],
    ['byte order mark', '\ufeffa,b\n1,2\n', {}, ['a', 'b'], [['1', '2']]],
    ['a mark before a quoted name', '\ufeff"a",b\n1,\ufeff2\n', {}, ['a', 'b'], [['1', '\ufeff2']]],
    [
      'blank lines are skipped',
      '\na,b\n\n1,2\r\n\r\n3,4\n\n',
      {},
      ['a', 'b'],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['in one column they are its nulls', 'a\nx\n\ny\n', {}, ['a'], [['x'], [null], ['y']]],
    ['no rows', 'a,b\n', {}, ['a', 'b'], []],
    [
      'no header',
      '1,2\n3,\n',
      { header: false },
      ['column_1', 'column_2'],
      [
        ['1', '2'],
        ['3', null],
      ],
    ],
    ['semicolon', 'a;b\n1,5;"x;y"\n', { delimiter: ';' }, ['a', 'b'], [['1,5', 'x;y']]],
    ['tab', 'a\tb\n1\t\n', { format: 'tsv' }, ['a', 'b'], [['1', null]]],
    [
      'a delimiter of two bytes',
      'a§b\nÂ§x£y\n"§"§""\n',
      { delimiter: '§' },
      ['a', 'b'],
      [
        ['Â', 'x£y'],
        ['§', ''],
      ],
    ],
    ['a delimiter of four bytes', 'a😀b\n😁😀\n', { delimiter: '😀' }, ['a', 'b'], [['😁', null]]],
    ['names with line breaks', '"a\nb","c""d"\n1,2\n', {}, ['a\nb', 'c"d'], [['1', '2']]],
    ['zero bytes', 'a\n1\u00002\n', {}, ['a'], [['1\u00002']]],
  ])('%s', async (_, content, options, names, rows) => {
    const source = await openCsv(file(content), options);
    expect(source.schema.fields.map((field) => [field.name, String(field.type)])).toEqual(
      names.map((n) => [n, 'Utf8']),
    );
    expect(await rowsOf(source)).toEqual(rows);
    expect(await rowsOf(source), 'a second pass').toEqual(rows);
  });

  it('columns that are asked for, in their order, and no more rows than wanted', async () => {
    const source = await openCsv(file('a,b,c\n1,2,3\n4,5,6\n7,8,9\n'));
    expect(await rowsOf(source, { columns: ['c', 'a'], limit: 2 })).toEqual([
      ['3', '1'],
      ['6', '4'],
    ]);
    let counted = 0;
    for await (const batch of source.batches({ columns: [] })) counted += batch.numRows;
    expect(counted).toBe(3);
  });

  it('a field of 100,000 words, and records that lie across the borders of what is read at once', async () => {
    const long = Array.from({ length: 100_000 }, (_, i) => `wörd${i}`).join(' ');
    const rows = Array.from({ length: 3000 }, (_, i) => [`${i}`, i % 1000 === 7 ? long : `"é,\r\n${'x'.repeat(i)}`]);
    const content = rows.map(([id, text]) => `${id},"${text.replaceAll('"', '""')}"\r\n`).join('');
    expect(await rowsOf(await openCsv(file(`id,text\r\n${content}`)))).toEqual(rows);
  });
});

describe('what cannot be read is said with its line', () => {
  it.each<[string, string | Uint8Array, ReadOptions, string]>([
    ['too few', 'a,b\n"1\n2",x\n3\n', {}, 'line 4: 1 fields, expected 2 as in the header'],
    [
      'too many',
      'a,b\r\n1,2\r\n\r\n3,4,5\r\n',
      {},
      'line 4: 3 fields, expected 2 as in the header; quote fields that hold ","',
    ],
    ['no header', '1,2\n3\n', { header: false }, 'line 2: 1 fields, expected 2 as in the first row'],
    ['unclosed', 'a,b\n1,2\n3,"4\n5,6\n', {}, 'ends within a quoted field of the record that begins on line 3'],
    ['text after a quote', 'a,b\n1,"2"x\n', {}, 'line 2: field 2 goes on after its closing quote'],
    ['two names', 'a,b,a\n1,2,3\n', {}, 'line 1: columns 1 and 3 are both named a'],
    ['no name', 'a,,b\n1,2,3\n', {}, 'line 1: column 2 has no name'],
    ['empty', '', {}, 'is empty, expected a first line that names the columns'],
    ['blank', '\n\n', { header: false }, 'is empty, expected at least one row'],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), {}, 'is UTF-16, expected UTF-8'],
    ['a delimiter of two', 'a\n', { delimiter: '||' }, 'the delimiter is "||", expected one character'],
    ['a quote as a delimiter', 'a\n', { delimiter: '"' }, 'the delimiter is "\\""'],
  ])('%s', async (_, content, options, message) => {
    expect(await refusal(async () => rowsOf(await openCsv(file(content), options)))).toContain(message);
  });

  const bad = Buffer.from([0xc3]);
  it.each<[string, Buffer[], string]>([
    ['alone', [Buffer.from('a,b\n1,2\n\n"x\ny",'), bad, Buffer.from('\n5,6\n')], 'line 4: row 2 is not valid UTF-8'],
    ['at the very end', [Buffer.from('a,b\n1,'), bad], 'line 2: row 1 is not valid'],
    ['in the header', [Buffer.from('\n\na,'), bad, Buffer.from('\n1,2\n')], 'line 3: the header is not valid UTF-8'],
    ['in the first row', [Buffer.from('\na,b\n'), bad, Buffer.from(',2\n')], 'line 3: row 1 is not valid UTF-8'],
    ['far in', [Buffer.from(`a\n${'éx\n'.repeat(700_000)}`), bad, Buffer.from('\n')], 'line 700002: row 700001'],
    ['a surrogate', [Buffer.from('a\nx\n'), Buffer.from([0xed, 0xa0, 0x80, 10])], 'line 3: row 2'],
  ])('invalid UTF-8 %s', async (_, parts, message) => {
    expect(await refusal(async () => rowsOf(await openCsv(file(Buffer.concat(parts)))))).toContain(message);
  });
});

/** One batch of columns given by name. */
function batchOf(columns: Record<string, Vector>): RecordBatch {
  const fields = Object.entries(columns).map(([name, vector]) => new Field(name, vector.type, true));
  const children = Object.values(columns).map((vector) => vector.data[0]);
  const data = makeData({ type: new Struct(fields), length: children[0].length, nullCount: 0, children });
  return new RecordBatch(new Schema(fields), data);
}

async function written(batch: RecordBatch, options: WriteOptions = {}): Promise<string> {
  const target = scratch(`${files++}.csv`);
  await writeAll(await createCsvSink(target, batch.schema, options), [batch]);
  return readFileSync(target, 'utf8');
}

describe('what is written', () => {
  it('quotes only where they are needed', async () => {
    const texts = ['x', ' x', 'x ', '', null, 'a,b', 'a;b', 'say "x"', '1\n2', '1\r2', '\ufeffm', 'é'];
    expect(await written(batchOf({ 'a,b': vectorFromArray(texts, new Utf8()) }))).toBe(
      '"a,b"\nx\n" x"\n"x "\n""\n\n"a,b"\na;b\n"say ""x"""\n"1\n2"\n"1\r2"\n"\ufeffm"\né\n',
    );
  });

  it('another delimiter, without a header; a number that holds the delimiter is quoted', async () => {
    const batch = batchOf({ a: vectorFromArray(['x,y', 'x-y'], new Utf8()), b: vectorFromArray([-1, 2], new Int32()) });
    expect(await written(batch, { delimiter: '-', header: false })).toBe('x,y-"-1"\n"x-y"-2\n');
  });

  it('numbers, truth values, dates and nested values', async () => {
    const day = new Date(Date.UTC(1969, 11, 31));
    const nested = new Struct([new Field('n', new Int32()), new Field('t', new Utf8())]);
    const batch = batchOf({
      long: vectorFromArray([9223372036854775807n, null], new Int64()),
      double: vectorFromArray([0.1, 1e21], new Float64()),
      whole: vectorFromArray([3, -0], new Float64()),
      single: vectorFromArray([0.1, 16777216], new Float32()),
      flag: vectorFromArray([true, false], new Bool()),
      date: vectorFromArray([day, null], new DateDay()),
      code: vectorFromArray(['x', 'x'], new Dictionary(new Utf8(), new Int32())),
      list: vectorFromArray([['a', null], []], new List(new Field('item', new Utf8()))),
      struct: vectorFromArray(
        [
          { n: 1, t: 'q"' },
          { n: null, t: '' },
        ],
        nested,
      ),
    });
    expect(await written(batch)).toBe(
      'long,double,whole,single,flag,date,code,list,struct\n' +
        '9223372036854775807,0.1,3.0,0.1,true,1969-12-31,x,"[""a"",null]","{""n"":1,""t"":""q\\""""}"\n' +
        ',1e+21,-0.0,16777216.0,false,,x,[],"{""n"":null,""t"":""""}"\n',
    );
  });

  it('binary columns are refused before there is a file', async () => {
    const schema = new Schema([new Field('id', new Utf8()), new Field('raw', new Binary())]);
    const message = await refusal(() => createCsvSink(scratch('binary.csv'), schema));
    expect(message).toContain('column raw is Binary, expected a type that CSV can hold');
    expect(() => readFileSync(scratch('binary.csv'))).toThrow('ENOENT');
  });
});

const AWKWARD = `rows = [["id", "text", "more, \\"x\\""]] + [[str(i).zfill(5), t, u] for i, (t, u) in enumerate([
  ("plain", "x"), (" leading and trailing ", "\\t"), ("comma, quote \\" and\\nline\\r\\nbreaks\\r", '""'), ("", "'"), ("NULL", "NaN"), ("é😀\\u2028\\u0085", "0x1F"),
  ("\\ufeffmark", "-0"), ("a" * 70000, ";"), ("1e400", "true"), ("\\x00zero", "\\x1f"), ("\\\\n", "\\\\"), ('"', ','), ("\\n", "\\r")] * 300)]`;

describePython('Python agrees', () => {
  it.each(['\\n', '\\r\\n'])(
    'its csv module writes awkward texts with line ends %s, we read them; we write, it reads',
    async (end) => {
      const [theirs, ours] = [scratch(`theirs${files++}.csv`), scratch(`ours${files++}.csv`)];
      runPython(
        `import csv,sys\n${AWKWARD}\nwith open(sys.argv[1],"w",newline="",encoding="utf-8") as f: csv.writer(f, lineterminator="${end}", quoting=csv.QUOTE_ALL).writerows(rows)`,
        [theirs],
      );
      const source = await openCsv(theirs);
      await writeAll(await createCsvSink(ours, source.schema), source.batches());
      const check = `import csv,sys\ncsv.field_size_limit(10**9)\n${AWKWARD}\nwith open(sys.argv[1],newline="",encoding="utf-8") as f: back = list(csv.reader(f))\nassert back == rows, [p for p in zip(back, rows) if p[0] != p[1]][:3]\nprint(len(back))`;
      expect(runPython(check, [ours]).trim()).toBe('3901');
    },
  );

  it('PyArrow reads texts and nulls as they are', async () => {
    const target = scratch('arrow.csv');
    const texts = ['x', null, '', ' y ', 'a,"b"\n', 'NULL', null, '😀', '007'];
    const batch = batchOf({
      id: vectorFromArray(
        texts.map((_, i) => `${i}`),
        new Utf8(),
      ),
      text: vectorFromArray(texts, new Utf8()),
    });
    await writeAll(await createCsvSink(target, batch.schema), [batch]);
    const code = `import sys, json, pyarrow as pa, pyarrow.csv as c
t = c.read_csv(sys.argv[1], parse_options=c.ParseOptions(newlines_in_values=True), convert_options=c.ConvertOptions(
  column_types={"id": pa.string(), "text": pa.string()}, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]))
print(json.dumps(t.column("text").to_pylist()))`;
    expect(JSON.parse(runPython(code, [target]))).toEqual(texts);
  });

  it('PyArrow reads values of other types as equal', async () => {
    const target = scratch('types.csv');
    const amounts = vectorFromArray(
      [Uint32Array.of(12345, 0, 0, 0), Uint32Array.of(0xffffff85, -1, -1, -1)],
      new Decimal(2, 10, 128),
    );
    const batch = batchOf({
      long: vectorFromArray([-9223372036854775808n, 12n], new Int64()),
      double: vectorFromArray([5e-324, 1.7976931348623157e308], new Float64()),
      single: vectorFromArray([1.17549435e-38, 3.4028235e38], new Float32()),
      flag: vectorFromArray([true, null], new Bool()),
      date: vectorFromArray([new Date('0001-01-01'), new Date('9999-12-31')], new DateDay()),
      amount: amounts,
      when: makeVector([-1n, 1700000000123456n], new TimestampMicrosecond(null)),
      zoned: makeVector([-1n, 1700000000123456n], new TimestampMicrosecond('Europe/Berlin')),
    });
    await writeAll(await createCsvSink(target, batch.schema), [batch]);
    const code = `import sys, pyarrow as pa, pyarrow.csv as c, datetime as d, decimal, numpy as np
types = {"long": pa.int64(), "double": pa.float64(), "single": pa.float32(), "flag": pa.bool_(), "date": pa.date32(), "amount": pa.decimal128(10, 2),
  "when": pa.timestamp("us"), "zoned": pa.timestamp("us", "UTC")}
t = c.read_csv(sys.argv[1], convert_options=c.ConvertOptions(column_types=types))
us = [-1, 1700000000123456]
want = {"long": [-2**63, 12], "double": [5e-324, 1.7976931348623157e308], "flag": [True, None], "date": [d.date(1,1,1), d.date(9999,12,31)],
  "amount": [decimal.Decimal("123.45"), decimal.Decimal("-1.23")]}
for name, values in want.items(): assert t.column(name).to_pylist() == values, (name, t.column(name))
assert t.column("single").to_numpy().tolist() == np.array([1.17549435e-38, 3.4028235e38], dtype="f4").tolist()
for name in ("when", "zoned"): assert t.column(name).cast(pa.int64()).to_pylist() == us, (name, t.column(name))
print("equal")`;
    expect(runPython(code, [target]).trim()).toBe('equal');
  });

  it.skipIf(!hasModule('duckdb'))('DuckDB reads what we write, and we read what it writes', async () => {
    const [ours, theirs, again] = [scratch('duck1.csv'), scratch('duck2.csv'), scratch('duck3.csv')];
    const texts = ['x', null, '', ' y ', 'a,"b"\n', 'NULL', '😀', '007', "'"];
    const batch = batchOf({
      id: vectorFromArray(
        texts.map((_, i) => `0${i}`),
        new Utf8(),
      ),
      text: vectorFromArray(texts, new Utf8()),
    });
    await writeAll(await createCsvSink(ours, batch.schema), [batch]);
    const code = `import sys, json, duckdb
def read(path): return duckdb.sql(f"select * from read_csv('{path}', all_varchar=true, header=true, delim=',', quote='\\"', escape='\\"', allow_quoted_nulls=false, nullstr='')").fetchall()
rows = read(sys.argv[1])
duckdb.sql(f"copy (select * from read_csv('{sys.argv[1]}', all_varchar=true, header=true, delim=',', quote='\\"', escape='\\"', allow_quoted_nulls=false, nullstr='')) to '{sys.argv[2]}' (header, force_quote (text))")
print(json.dumps(rows))`;
    const rows = texts.map((text, i) => [`0${i}`, text]);
    expect(JSON.parse(runPython(code, [ours, theirs, again]))).toEqual(rows);
    expect(await rowsOf(await openCsv(theirs))).toEqual(rows);
  });
});

function makeVector(values: bigint[], type: TimestampMicrosecond) {
  const vector = vectorFromArray([0, 0], type);
  (vector.data[0].values as BigInt64Array).set(values);
  return vector;
}
