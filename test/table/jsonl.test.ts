import { readFileSync } from 'node:fs';
import {
  Binary,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int32,
  Int64,
  Map_,
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
import { requireText } from '../../src/table/columns.js';
import { openJsonl } from '../../src/table/textFiles/jsonl.js';
import { createJsonlSink } from '../../src/table/textFiles/jsonlWriter.js';
import { describePython, hasModule, runPython } from '../python.js';
import { refusal, rowsOf, scratchFolder, writeAll } from './textFiles.js';

const scratch = scratchFolder();
let files = 0;
const file = (content: string | Uint8Array) => scratch(`${files++}.jsonl`, content);

/** `name: Type` of each column; a column of JSON text is Json. */
const columnsOf = (schema: Schema) =>
  schema.fields.map(({ name, type, metadata }) =>
    metadata.get('ARROW:extension:name') === 'arrow.json' ? `${name}: Json` : `${name}: ${type}`,
  );

describe('what the values are decides the columns', () => {
  it.each<[string, string, string[], unknown[][]]>([
    [
      'texts',
      '{"a":"x","b":"007"}\n{"a":"","b":" y"}\n',
      ['a: Utf8', 'b: Utf8'],
      [
        ['x', '007'],
        ['', ' y'],
      ],
    ],
    [
      'escapes',
      '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀","\\u0062":"\\u0000"}',
      ['a: Utf8', 'b: Utf8'],
      [['"\\/\b\f\n\r\té😀é😀', '\0']],
    ],
    [
      'absent and null',
      '{"a":"x"}\n{"b":"y","a":null}\n{}\n',
      ['a: Utf8', 'b: Utf8'],
      [
        ['x', null],
        [null, 'y'],
        [null, null],
      ],
    ],
    ['bool', '{"a":true}\n{"a":false}\n{"a":null}', ['a: Bool'], [[true], [false], [null]]],
    [
      'int64 with all digits',
      '{"a":9223372036854775807}\n{"a":-9223372036854775808}\n{"a":9007199254740993}',
      ['a: Int64'],
      [[9223372036854775807n], [-9223372036854775808n], [9007199254740993n]],
    ],
    ['uint64', '{"a":18446744073709551615}\n{"a":0}', ['a: Uint64'], [[18446744073709551615n], [0n]]],
    ['more than 64 bits', '{"a":18446744073709551616}\n{"a":1}', ['a: Json'], [['18446744073709551616'], ['1']]],
    [
      'below zero and above int64',
      '{"a":18446744073709551615}\n{"a":-1}',
      ['a: Json'],
      [['18446744073709551615'], ['-1']],
    ],
    ['float64', '{"a":1.5}\n{"a":-2E3}\n{"a":7}\n{"a":-0}', ['a: Float64'], [[1.5], [-2000], [7], [-0]]],
    ['digits that a double lacks', '{"a":0.5}\n{"a":9007199254740993}', ['a: Json'], [['0.5'], ['9007199254740993']]],
    ['beyond a double', '{"a":1e999}\n{"a":1.0}', ['a: Json'], [['1e999'], ['1.0']]],
    [
      'nothing but null',
      '{"a":null,"b":1}\n{"b":2}',
      ['a: Null', 'b: Int64'],
      [
        [null, 1n],
        [null, 2n],
      ],
    ],
    ['lists', '{"a":[1,null]}\n{"a":[]}\n{"a":null}', ['a: List<Int64>'], [[[1n, null]], [[]], [null]]],
    [
      'structs with the keys of all',
      '{"a":{"x":1}}\n{"a":{"y":"z","x":2}}\n{"a":null}',
      ['a: Struct<{x:Int64, y:Utf8}>'],
      [[{ x: 1n, y: null }], [{ x: 2n, y: 'z' }], [null]],
    ],
    [
      'lists of structs',
      '{"a":[{"x":[true]},{}]}',
      ['a: List<Struct<{x:List<Bool>}>>'],
      [[[{ x: [true] }, { x: null }]]],
    ],
    [
      'several kinds are carried as JSON',
      '{"a":"x"}\n{"a": 1.0 }\n{"a":{"k" :[1, "\\u00e9"]}}\n{"a":null}',
      ['a: Json'],
      [['"x"'], ['1.0'], ['{"k" :[1, "\\u00e9"]}'], [null]],
    ],
    ['empty objects', '{"a":{}}', ['a: Json'], [['{}']]],
    [
      'white space, CRLF and blank lines',
      '\ufeff { "a" : "x" , "b" : [ 1 , 2 ] } \r\n\r\n \t\n{"a":"y"}\r\n',
      ['a: Utf8', 'b: List<Int64>'],
      [
        ['x', [1n, 2n]],
        ['y', null],
      ],
    ],
    [
      'keys in another order and escaped',
      '{"a":"1","b":"2"}\n{"b":"4","\\u0061":"3"}\n',
      ['a: Utf8', 'b: Utf8'],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
  ])('%s', async (_, content, columns, rows) => {
    const source = await openJsonl(file(content));
    expect(columnsOf(source.schema)).toEqual(columns);
    expect(source.rows).toBe(rows.length);
    expect(await rowsOf(source)).toEqual(rows);
    expect(await rowsOf(source), 'a second pass').toEqual(rows);
  });

  it('a column of several kinds is no column of texts for a model', async () => {
    const { schema } = await openJsonl(file('{"a":"x"}\n{"a":1}\n'));
    const message = await refusal(async () => requireText(schema, 'a', 'a.jsonl'));
    expect(message).toContain(
      'column a of a.jsonl holds JSON: its values are of several kinds, expected a column of text',
    );
  });

  it('an object with thousands of keys is a map that is carried as JSON', async () => {
    const lines = Array.from({ length: 3 }, (_, row) => {
      const keys = Array.from({ length: 900 }, (_, i) => `"word${row * 500 + i}":${i}`);
      return `{"counts":{${keys.join(',')}},"id":${row}}\n`;
    });
    const source = await openJsonl(file(lines.join('')));
    expect(columnsOf(source.schema)).toEqual(['counts: Json', 'id: Int64']);
    expect(await rowsOf(source)).toEqual(lines.map((line, row) => [/(\{"word[^}]*\})/.exec(line)![1], BigInt(row)]));
  });

  it('columns that are asked for, and no more rows than wanted', async () => {
    const source = await openJsonl(file('{"a":1,"b":"x","c":[1]}\n{"c":[],"a":2}\n{"a":3}\n'));
    expect(await rowsOf(source, { columns: ['c', 'a'], limit: 2 })).toEqual([
      [[1n], 1n],
      [[], 2n],
    ]);
    let counted = 0;
    for await (const batch of source.batches({ columns: [] })) counted += batch.numRows;
    expect(counted).toBe(3);
  });

  it('lines that are longer than what is read at once', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => [`${'é😀"\\'.repeat(i * 20_000)}`, BigInt(i)]);
    const content = rows.map(([text, id]) => `${JSON.stringify({ text })?.slice(0, -1)},"id":${id}}\n`).join('');
    expect(await rowsOf(await openJsonl(file(content)))).toEqual(rows);
  });
});

describe('what cannot be read is said with its line', () => {
  const deep = `{"a":${'['.repeat(300)}${']'.repeat(300)}}`;
  it.each<[string, string | Uint8Array, string]>([
    [
      'no JSON',
      '{"a":1}\n\n{"a":}\n',
      'line 3, byte 6: "}" where a value should be, expected one JSON object on each line',
    ],
    ['cut off', '{"a":1}\n{"a":"x', 'line 2, byte 8: a text is not closed'],
    ['two objects', '{"a":1} {"a":2}\n', 'line 1, byte 9: "{" where the end of the line should be'],
    ['a list', '[{"a":1}]\n', 'line 1, byte 1: "[" where an object should be'],
    ['a missing comma', '{"a":1 "b":2}\n', 'byte 8: "\\"" where a comma or a closing brace should be'],
    ['a comma too many', '{"a":[1,]}\n', 'byte 9: "]" where a value should be'],
    ['NaN', '{"a":NaN}\n', 'byte 6: "N" where a value should be'],
    ['a leading zero', '{"a":01}\n', 'byte 7: "1" where a comma'],
    ['a plus', '{"a":+1}\n', '"+" where a value'],
    ['a point at the end', '{"a":1.}\n', 'a number lacks a digit'],
    ['no JSON where nobody looks', '{"a":{}}\n{"a":{"x":tru}}\n', 'line 2, byte 11: "t" where a value should be'],
    ['single quotes', "{'a':1}\n", 'byte 2: "\'" where a key in quotes should be'],
    ['a tab in a text', '{"a":"x\ty"}\n', 'a text is not closed or holds a bare control character'],
    ['an unknown escape', '{"a":"\\x41"}\n', '\\x is no escape of JSON'],
    ['half of a pair', '{"a":"\\ud83d"}\n', '\\ud83d is half of a pair'],
    ['halves in the wrong order', '{"a":"\\ude00\\ud83d"}\n', '\\ude00 is half of a pair'],
    ['a key twice', '{"a":1}\n{"a":1,"b":2,"\\u0061":3}\n', 'line 2, byte 14: the key "a" stands twice in one object'],
    ['a key twice within', '{"a":{"x":1,"x":2}}\n', 'the key "x" stands twice'],
    ['too deep', deep, 'nested more than 200 deep'],
    ['empty', '\n', 'is empty, expected at least one row'],
    ['UTF-16', Buffer.from('\ufeff{"a":1}\n', 'utf16le'), 'is UTF-16, expected UTF-8'],
    [
      'UTF-8',
      Buffer.concat([Buffer.from('{"a":"x"}\n\n{"a":"'), Buffer.from([0xe2]), Buffer.from('\n{}')]),
      'line 3: row 2 is not valid UTF-8',
    ],
  ])('%s', async (_, content, message) => {
    expect(await refusal(() => openJsonl(file(content)))).toContain(message);
  });
});

function batchOf(columns: Record<string, Vector>): RecordBatch {
  const fields = Object.entries(columns).map(([name, vector]) => new Field(name, vector.type, true));
  const children = Object.values(columns).map((vector) => vector.data[0]);
  const data = makeData({ type: new Struct(fields), length: children[0].length, nullCount: 0, children });
  return new RecordBatch(new Schema(fields), data);
}

async function written(batch: RecordBatch): Promise<string> {
  const target = scratch(`${files++}.jsonl`);
  await writeAll(await createJsonlSink(target, batch.schema), [batch]);
  return readFileSync(target, 'utf8');
}

function microseconds(values: bigint[], type: TimestampMicrosecond): Vector {
  const vector = vectorFromArray(
    values.map(() => 0),
    type,
  );
  (vector.data[0].values as BigInt64Array).set(values);
  return vector;
}

describe('what is written', () => {
  it('all that JSON can hold, in the form that reads back', async () => {
    const entry = new Struct<{ key: Utf8; value: Int32 }>([
      new Field('key', new Utf8(), false),
      new Field('value', new Int32()),
    ]);
    const batch = batchOf({
      'te"xt': vectorFromArray(['\u0001\t"\\/\u2028é😀', null], new Utf8()),
      long: vectorFromArray([9007199254740993n, null], new Int64()),
      double: vectorFromArray([1, Number.NaN], new Float64()),
      amount: vectorFromArray([Uint32Array.of(0xfffffffb, -1, -1, -1), null], new Decimal(3, 10, 128)),
      date: vectorFromArray([new Date('2024-02-29'), null], new DateDay()),
      when: microseconds([-1n, 0n], new TimestampMicrosecond(null)),
      zoned: microseconds([1700000000123456n, 0n], new TimestampMicrosecond('Asia/Tokyo')),
      map: vectorFromArray(
        [
          new Map([
            ['a', 1],
            ['b', null as unknown as number],
          ]),
          null,
        ],
        new Map_(new Field('entries', entry, false)),
      ),
    });
    expect(await written(batch)).toBe(
      '{"te\\"xt":"\\u0001\\t\\"\\\\/\u2028é😀","long":9007199254740993,"double":1.0,"amount":-0.005,"date":"2024-02-29","when":"1969-12-31T23:59:59.999999",' +
        '"zoned":"2023-11-14T22:13:20.123456Z","map":{"a":1,"b":null}}\n' +
        '{"te\\"xt":null,"long":null,"double":null,"amount":null,"date":null,"when":"1970-01-01T00:00:00.000000","zoned":"1970-01-01T00:00:00.000000Z","map":null}\n',
    );
  });

  it('what was read is written back as it was, also what is of several kinds', async () => {
    const content =
      '{"a":"x","b":{"k":[1,{"z":null}]},"c":1.0,"d":12345678901234567890,"e":[]}\n' +
      '{"a":7,"b":null,"c":1e+300,"d":1,"e":[[true],null]}\n{"a":{"q": "ü"},"b":{"k":null},"c":-0.0,"d":0,"e":null}\n';
    const source = await openJsonl(file(content));
    const target = scratch('again.jsonl');
    await writeAll(await createJsonlSink(target, source.schema), source.batches());
    expect(readFileSync(target, 'utf8')).toBe(content);
  });

  it('JSON text of others stays one line and valid, whatever it is', async () => {
    const texts = ['{"a":\n 1}', '[1,\r\n2]', '', 'no JSON', '1 2', '"\\n"', null];
    const data = vectorFromArray(texts, new Utf8()).data[0];
    const schema = new Schema([new Field('j', new Utf8(), true, new Map([['ARROW:extension:name', 'arrow.json']]))]);
    const type = new Struct(schema.fields);
    const batch = new RecordBatch(schema, makeData({ type, length: texts.length, nullCount: 0, children: [data] }));
    expect(await written(batch)).toBe(
      '{"j":{"a":  1}}\n{"j":[1,  2]}\n{"j":""}\n{"j":"no JSON"}\n{"j":"1 2"}\n{"j":"\\n"}\n{"j":null}\n',
    );
  });

  it('binary columns are refused before there is a file', async () => {
    const schema = new Schema([new Field('raw', new Struct([new Field('b', new Binary())]))]);
    const message = await refusal(() => createJsonlSink(scratch('binary.jsonl'), schema));
    expect(message).toContain('column raw is Struct<{b:Binary}>, expected a type that JSON can hold');
  });
});

const AWKWARD = `texts = ["plain", " lead and trail ", "quote \\" and\\nline\\r\\nbreaks\\r", "", "NULL", "é😀\\u2028\\u0085", "\\ufeffmark", "a" * 70000, "\\x00\\x1f\\x7f", "\\\\n", None] * 200
rows = [{"id": i + 2**53, "text": t, "tags": ["x", None] * (i % 3), "s": {"n": i / 4, "t": t} if i % 5 else None} for i, t in enumerate(texts)]`;

describePython('Python agrees', () => {
  it.each(['True', 'False'])(
    'its json module writes awkward rows (escaped: %s), we read and write them, it reads them back',
    async (ascii) => {
      const [theirs, ours] = [scratch(`theirs${files++}.jsonl`), scratch(`ours${files++}.jsonl`)];
      runPython(
        `import json,sys\n${AWKWARD}\nwith open(sys.argv[1],"w",encoding="utf-8",newline="") as f:\n  for r in rows: f.write(json.dumps(r, ensure_ascii=${ascii}) + "\\n")`,
        [theirs],
      );
      const source = await openJsonl(theirs);
      await writeAll(await createJsonlSink(ours, source.schema), source.batches());
      const check = `import json,sys\n${AWKWARD}\nback = [json.loads(l) for l in open(sys.argv[1],encoding="utf-8",newline="\\n")]\nassert back == rows, [p for p in zip(back, rows) if p[0] != p[1]][:3]\nprint(len(back))`;
      expect(runPython(check, [ours]).trim()).toBe('2200');
    },
  );

  it('PyArrow reads the same types and values from what we wrote as we do', async () => {
    const target = scratch('pyarrow.jsonl');
    const source = await openJsonl(
      file(
        '{"i":9223372036854775807,"f":1.0,"t":"007 ","b":true,"l":[1],"s":{"x":"y"}}\n{"i":null,"f":0.1,"t":null,"b":null,"l":null,"s":null}\n',
      ),
    );
    await writeAll(await createJsonlSink(target, source.schema), source.batches());
    const code = `import sys, json, pyarrow.json as j
t = j.read_json(sys.argv[1])
print(json.dumps([[str(f.type) for f in t.schema], t.to_pylist()]))`;
    const [types, rows] = JSON.parse(runPython(code, [target]).replace('9223372036854775807', '"9223372036854775807"'));
    expect(types).toEqual(['int64', 'double', 'string', 'bool', 'list<item: int64>', 'struct<x: string>']);
    expect(rows).toEqual([
      { i: '9223372036854775807', f: 1, t: '007 ', b: true, l: [1], s: { x: 'y' } },
      { i: null, f: 0.1, t: null, b: null, l: null, s: null },
    ]);
  });

  it.skipIf(!hasModule('duckdb'))('DuckDB reads what we write', async () => {
    const batch = batchOf({
      text: vectorFromArray(['x', null, '', ' "y"\n', '😀'], new Utf8()),
      long: vectorFromArray([9007199254740993n, -1n, null, 0n, 1n], new Int64()),
      day: vectorFromArray([new Date('0001-01-01'), null, new Date('9999-12-31'), null, null], new DateDay()),
      when: microseconds([-1n, 1n, 1700000000123456n, 0n, 1n], new TimestampMicrosecond(null)),
    });
    const target = scratch('duckdb.jsonl');
    await writeAll(await createJsonlSink(target, batch.schema), [batch]);
    const code = `import sys, json, duckdb
q = "select text, long::varchar, day::varchar, epoch_us(\\"when\\")::varchar from read_json(?, format='newline_delimited', columns={text:'varchar', long:'bigint', day:'date', 'when':'timestamp'})"
print(json.dumps(duckdb.execute(q, [sys.argv[1]]).fetchall()))`;
    expect(JSON.parse(runPython(code, [target]))).toEqual([
      ['x', '9007199254740993', '0001-01-01', '-1'],
      [null, '-1', null, '1'],
      ['', null, '9999-12-31', '1700000000123456'],
      [' "y"\n', '0', null, '0'],
      ['😀', '1', null, '1'],
    ]);
  });
});
