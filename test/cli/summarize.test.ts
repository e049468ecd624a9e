import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { describePython, runPython } from '../python.js';
import { precisWith, withoutProgress } from './precis.js';
import { isLinux } from './processes.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-summarize-'));
const precis = precisWith(path.join(scratch, 'home'));
const model = path.join(scratch, 'model');
const NEWS = path.join(scratch, 'news.csv');
const LEAD = ['--model', 'builtin:lead-1'];

beforeAll(() => {
  writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny', eos: 'never' });
  writeFileSync(
    NEWS,
    `id,body,mark
1,One is short. It has more.,a
2,"Two, with a comma. And ""quotes"".",b
3,,c
4,One is short. It has more.,d
5,Five has three. Two. One.,e
`,
  );
});
afterAll(() => rmSync(scratch, { recursive: true }));

let made = 0;
function fresh(extension: string): string {
  return path.join(scratch, `out-${made++}${extension}`);
}

/** Runs it, and returns the job's record. */
function summarize(args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = precis(['summarize', ...args, '--json']);
  expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

function jsonl(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('precis summarize', () => {
  it('writes the same rows in their order with one column more, and prints its record', () => {
    const out = fresh('.jsonl');
    const record = summarize([NEWS, '--text', 'body', '--out', out, ...LEAD, '--workers', '2']);
    expect(jsonl(out).map(({ mark, generated_summary }) => [mark, generated_summary])).toEqual([
      ['a', 'One is short.'],
      ['b', 'Two, with a comma.'],
      ['c', null],
      ['d', 'One is short.'],
      ['e', 'Five has three.'],
    ]);
    expect(record).toEqual({
      model: 'builtin:lead-1',
      precision: 'none',
      input: NEWS,
      output: out,
      version: null,
      text: 'body',
      column: 'generated_summary',
      rows: 5,
      nulls: 1,
      seconds: expect.any(Number),
      rows_per_second: expect.any(Number),
      input_tokens: 6 + 6 + 5,
      output_tokens: 3 + 4 + 3,
      input_tokens_per_second: expect.any(Number),
      output_tokens_per_second: expect.any(Number),
      duplicates: 1,
      truncated: 0,
      chunks: expect.any(Number),
      failed: 0,
      failures: [],
      retries: [],
      workers: 2,
      peak_memory_bytes: expect.any(Number),
      engine_peak_memory_bytes: expect.any(Number),
      options: { resultType: 'string', workers: 2, isolation: 'process' },
    });
    expect(record.peak_memory_bytes).toBeGreaterThan(record.engine_peak_memory_bytes as number);
    expect(record.rows_per_second).toBeCloseTo(5 / (record.seconds as number), 6);
  });

  it('tells people the same in a block', () => {
    const out = fresh('.csv');
    const model = ['--model', 'builtin:lead-3', '--workers', '2'];
    const args = ['--text', 'body', '--out', out, '--column', 'short', ...model];
    const { status, stdout, stderr } = precis(['summarize', NEWS, ...args]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^rows +5 in [\d.]+ s \([\d.,]+ rows\/s, 2 workers\)$/m);
    expect(stdout).toMatch(/^input tokens +17 \([\d.,]+ tokens\/s\)$/m);
    expect(stdout).toMatch(/^duplicates +1 row took the answer of an equal text$/m);
    expect(stdout).toMatch(/^truncated +none$/m);
    expect(stdout).toMatch(/^failed +none$/m);
    expect(stdout).toMatch(/^peak memory +\d/m);
    expect(stdout).toContain(`${out} (column short)`);
    expect(readFileSync(out, 'utf8')).toBe(`id,body,mark,short
1,One is short. It has more.,a,One is short. It has more.
2,"Two, with a comma. And ""quotes"".",b,"Two, with a comma. And ""quotes""."
3,,c,
4,One is short. It has more.,d,One is short. It has more.
5,Five has three. Two. One.,e,Five has three. Two. One.
`);
  });

  it('gives the same whatever the workers, partitions and isolation', () => {
    const rows = path.join(scratch, 'many.jsonl');
    writeFileSync(
      rows,
      Array.from({ length: 60 }, (_, i) => `${JSON.stringify({ id: i, body: `the people of ${i % 50}` })}\n`).join(''),
    );
    const options = ['--text', 'body', '--model', model, '--num-beams', '1', '--max-new-tokens', '8'];
    const outputs = [
      ['--workers', '1'],
      ['--workers', '2', '--partition-rows', '7'],
      ['--workers', '2', '--isolation', 'thread', '--dedupe', 'off'],
    ].map((how) => {
      const out = fresh('.jsonl');
      summarize([rows, ...options, '--out', out, ...how]);
      return readFileSync(out, 'utf8');
    });
    expect(outputs[0].trimEnd().split('\n')).toHaveLength(60);
    expect(outputs[1]).toBe(outputs[0]);
    expect(outputs[2]).toBe(outputs[0]);
    const text = precis(['generate', 'the people of 7', ...options.slice(2)]).stdout.trimEnd();
    expect(jsonl(path.join(scratch, `out-${made - 1}.jsonl`))[7].generated_summary).toBe(text);
  });

  it('counts texts that were cut, and warns once', () => {
    const out = fresh('.jsonl');
    const args = [
      'summarize',
      NEWS,
      '--text',
      'body',
      '--out',
      out,
      '--model',
      'builtin:echo',
      '--max-input-tokens',
      '5',
    ];
    const { status, stdout, stderr } = precis(args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^truncated +3 rows$/m);
    expect(stderr.match(/were cut/g)).toHaveLength(1);
    expect(stderr).toContain('3 of 5 rows');
    expect(stderr).toContain('--long-documents map-reduce');
  });

  it('writes structs and lists', () => {
    const structs = fresh('.jsonl');
    summarize([NEWS, '--text', 'body', '--out', structs, ...LEAD, '--result-type', 'struct']);
    expect(jsonl(structs)[0].generated_summary).toMatchObject({
      summary: 'One is short.',
      input_tokens: 6,
      output_tokens: 3,
      truncated: false,
      finish_reason: 'eos',
      error: null,
    });
    const lists = fresh('.jsonl');
    const sampling = ['--do-sample', '--num-return-sequences', '2', '--max-new-tokens', '4', '--result-type', 'list'];
    summarize([NEWS, '--text', 'body', '--out', lists, '--model', model, ...sampling]);
    const [first, , none] = jsonl(lists);
    expect(first.generated_summary).toEqual([expect.any(String), expect.any(String)]);
    expect(none.generated_summary).toBeNull();
  });

  it('keeps going past rows that fail, if it is told to', () => {
    const args = [NEWS, '--text', 'body', '--model', 'builtin:echo?maxTokens=5', '--long-documents', 'error'];
    const nulls = fresh('.jsonl');
    const record = summarize([...args, '--out', nulls, '--on-error', 'null']);
    expect(record.failed).toBe(3);
    expect((record.failures as { row: number }[]).map(({ row }) => row)).toContain(1);
    expect(jsonl(nulls).map((row) => row.generated_summary)).toEqual([
      null,
      null,
      null,
      null,
      'Five has three. Two. One.',
    ]);
    const structs = fresh('.jsonl');
    summarize([...args, '--out', structs, '--on-error', 'struct']);
    expect(jsonl(structs)[0].generated_summary).toMatchObject({ summary: null, error: expect.anything() });

    const failing = fresh('.jsonl');
    const failed = precis(['summarize', ...args, '--out', failing]);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toContain('row 1');
    expect(existsSync(failing)).toBe(false);
  });
});

describe('which rows', () => {
  const ids = (args: readonly string[]) => {
    const out = fresh('.jsonl');
    const { rows } = summarize([NEWS, '--text', 'body', '--out', out, ...LEAD, ...args]);
    const found = jsonl(out).map(({ mark }) => mark as string);
    expect(rows).toBe(found.length);
    return found;
  };

  it('--limit takes the first', () => {
    expect(ids(['--limit', '2'])).toEqual(['a', 'b']);
    expect(ids(['--limit', '99'])).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ids(['--limit', '0'])).toEqual([]);
  });

  it('--sample draws by the seed, in the order of the table', () => {
    const some = ids(['--sample', '3', '--seed', '1']);
    expect(some).toHaveLength(3);
    expect(some).toEqual([...some].sort());
    expect(ids(['--sample', '3', '--seed', '1'])).toEqual(some);
    const others = Array.from({ length: 4 }, (_, seed) => ids(['--sample', '3', '--seed', String(seed + 2)]).join(''));
    expect(new Set([...others, some.join('')]).size).toBeGreaterThan(1);
    expect(ids(['--sample', '0'])).toEqual([]);
  });
});

describe('where to', () => {
  it('an existing table is only touched when that was said', () => {
    const out = fresh('.csv');
    const args = [NEWS, '--text', 'body', '--out', out, ...LEAD];
    summarize([...args, '--limit', '1']);
    const once = readFileSync(out, 'utf8');
    const again = precis(['summarize', ...args]);
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toContain(out);
    expect(again.stderr).toContain('--overwrite');
    expect(readFileSync(out, 'utf8')).toBe(once);

    summarize([...args, '--limit', '1', '--append']);
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(4);
    summarize([...args, '--limit', '1', '--overwrite']);
    expect(readFileSync(out, 'utf8')).toBe(once);
  });

  it('--merge-key fills the column into the table that was read', () => {
    const table = path.join(scratch, 'fill.jsonl');
    const rows = [
      { id: 7, body: 'Seven. More.', other: 'x' },
      { id: 3, body: 'Three. More.', other: 'y' },
    ];
    writeFileSync(table, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    summarize([table, '--text', 'body', '--merge-key', 'id', ...LEAD, '--limit', '1']);
    expect(jsonl(table)).toEqual([
      { ...rows[0], generated_summary: 'Seven.' },
      { ...rows[1], generated_summary: null },
    ]);
    summarize([table, '--text', 'body', '--merge-key', 'id', ...LEAD]);
    expect(jsonl(table).map((row) => row.generated_summary)).toEqual(['Seven.', 'Three.']);
  });

  it('a name of three parts is a Delta table of the warehouse, with versions', () => {
    const first = summarize([NEWS, '--text', 'body', '--out', 'main.default.news', ...LEAD]);
    expect(first).toMatchObject({ output: 'main.default.news', version: 0 });
    const second = summarize([NEWS, '--text', 'body', '--out', 'main.default.news', ...LEAD, '--append']);
    expect(second).toMatchObject({ version: 1 });
    const out = fresh('.jsonl');
    const read = summarize([
      'main.default.news',
      '--text',
      'body',
      '--out',
      out,
      ...LEAD,
      '--column',
      'x',
      '--table-version',
      '0',
    ]);
    expect(read.rows).toBe(5);
  });

  it('- is an Arrow stream on stdin and on stdout, and the summary is on stderr then', () => {
    const stream = precis(['summarize', NEWS, '--text', 'body', '--out', '-', ...LEAD]);
    expect(stream.status).toBe(0);
    expect(stream.stderr).toMatch(/^rows +5 in/m);
    expect(stream.stdout).not.toMatch(/^rows +5 in/m);
  });

  it('reads and writes other forms of CSV', () => {
    const table = path.join(scratch, 'plain.txt');
    writeFileSync(table, 'One. Two.;1\nThree. Four.;2\n');
    const out = fresh('.csv');
    const csv = ['--in-format', 'csv', '--delimiter', ';', '--no-header'];
    summarize([table, '--text', 'column_1', '--out', out, ...LEAD, ...csv]);
    expect(readFileSync(out, 'utf8')).toBe('One. Two.;1;One.\nThree. Four.;2;Three.\n');
  });

  it('a column without a single text has a type all the same: the new column is null', () => {
    const table = path.join(scratch, 'nulls.jsonl');
    writeFileSync(table, '{"id": 1, "body": null}\n{"id": 2, "body": null}\n');
    for (const extension of ['.jsonl', '.parquet', '.arrow']) {
      const out = fresh(extension);
      const record = summarize([table, '--text', 'body', '--out', out, ...LEAD]);
      expect(record).toMatchObject({ rows: 2, nulls: 2, input_tokens: 0, failed: 0 });
      const again = fresh('.jsonl');
      summarize([out, '--text', 'generated_summary', '--out', again, ...LEAD, '--column', 'second']);
      expect(jsonl(again)).toEqual([1, 2].map((id) => ({ id, body: null, generated_summary: null, second: null })));
    }
  });

  it('an empty table is a table: the new column and no rows', () => {
    const table = path.join(scratch, 'empty.csv');
    writeFileSync(table, 'id,body\n');
    const out = fresh('.csv');
    expect(summarize([table, '--text', 'body', '--out', out, ...LEAD])).toMatchObject({
      rows: 0,
      seconds: expect.any(Number),
    });
    expect(readFileSync(out, 'utf8')).toBe('id,body,generated_summary\n');
  });
});

describe('what cannot be done', () => {
  const folder = path.join(scratch, 'refused');
  beforeAll(() => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'there.csv'), 'x\n');
    writeFileSync(path.join(folder, 'numbers.jsonl'), '{"n": 1, "body": "a"}\n');
  });

  it.each<[string[], number, string]>([
    [[], 2, '0 tables are given, expected one'],
    [
      ['x.jsonl', '--text', 'body', '--out', 'y.parquet', '--delimiter', ';'],
      2,
      '--delimiter is given, but neither x.jsonl nor y.parquet is a CSV file',
    ],
    [[NEWS, 'b.csv', '--text', 'body'], 2, '2 tables are given'],
    [[NEWS, '--out', 'OUT/a.csv'], 2, '--text is missing'],
    [[NEWS, '--text', 'body'], 2, '--out is missing'],
    [['-', '--text', 'body', '--merge-key', 'id'], 2, '--out is missing'],
    [[NEWS, '--text', 'body', '--out', '-', '--json'], 2, '--json and --out - both want stdout'],
    [
      [NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--overwrite', '--append'],
      2,
      '--overwrite and --append are given',
    ],
    [
      [NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--limit', '1', '--sample', '1'],
      2,
      '--limit and --sample are given',
    ],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--column', ''], 2, '--column is empty'],
    [['-', '--text', 'body', '--out', 'OUT/a.csv', '--in-format', 'csv'], 1, 'format csv for standard input'],
    [['-', '--text', 'body', '--out', 'OUT/a.csv', '--table-version', '1'], 1, 'version 1 of standard input'],
    [[NEWS, '--text', 'body', '--out', '-', '--format', 'csv'], 1, 'format csv for standard output'],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--num-return-sequences', '2'], 2, 'expected --result-type list'],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--on-eror', 'null'], 2, 'did you mean --on-error?'],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--device', 'cuda:0'], 2, '--device cuda:0 is not supported'],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--batch-tokens', '9'], 2, '--batch-tokens is for CUDA'],
    [[NEWS, '--text', 'bdoy', '--out', 'OUT/a.csv'], 1, 'did you mean body?'],
    [['OUT/numbers.jsonl', '--text', 'n', '--out', 'OUT/a.csv'], 1, 'n'],
    [['OUT/there.csv/x.csv', '--text', 'body', '--out', 'OUT/a.csv'], 1, '[table]'],
    [[NEWS, '--text', 'body', '--out', 'OUT/there.csv/a.csv'], 1, '[output]'],
    [['OUT/nowhere.csv', '--text', 'body', '--out', 'OUT/a.csv'], 1, 'nowhere.csv'],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.docx'], 1, 'docx'],
    [[NEWS, '--text', 'body', '--out', NEWS, '--overwrite'], 1, NEWS],
    [[NEWS, '--text', 'body', '--out', 'OUT/there.csv'], 1, '--overwrite'],
    [[NEWS, '--text', 'body', '--out', 'OUT/no/such/folder/a.csv'], 1, 'no/such/folder'],
    [[NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--model', './nowhere'], 1, './nowhere is no folder'],
    [
      [NEWS, '--text', 'body', '--out', 'OUT/a.csv', '--model', 'builtin:lead-3', '--num-beams', '2'],
      2,
      'builtin:lead-3',
    ],
  ])('%j ends with %d', (args, status, message) => {
    const before = readdirSync(folder);
    const model = args.includes('--model') ? [] : LEAD;
    const done = precis(['summarize', ...args.map((arg) => arg.replace(/^OUT/, folder)), ...model]);
    expect({ status: done.status, stdout: done.stdout }).toEqual({ status, stdout: '' });
    const errors = done.stderr.split('\n').filter((line) => line.startsWith('precis: ['));
    expect(errors).toHaveLength(1);
    expect(done.stderr).toContain(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  // Not even root may make files there.
  it.skipIf(!isLinux)('a folder that cannot be written', () => {
    const { status, stderr } = precis(['summarize', NEWS, '--text', 'body', '--out', '/sys/kernel/out.csv', ...LEAD]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^precis: \[output\] (no permission|.*read-only)/);
  });
});

describePython('what others read', () => {
  it('PyArrow finds every column as it was in Parquet, Arrow files and streams', () => {
    const input = path.join(scratch, 'typed.parquet');
    const make = `
import sys, datetime, decimal
import pyarrow as pa, pyarrow.parquet as pq
n = 500
table = pa.table({
  'id': pa.array(range(n), pa.uint16()),
  'body': pa.array([None if i % 9 == 0 else f'Text {i}. More of it.' for i in range(n)], pa.string()).dictionary_encode(),
  'when': pa.array([datetime.datetime(2025, 1, 1) + datetime.timedelta(hours=i) for i in range(n)], pa.timestamp('us', 'UTC')),
  'price': pa.array([decimal.Decimal(i) / 4 for i in range(n)], pa.decimal128(12, 2)),
  'tags': pa.array([[{'k': str(j)} for j in range(i % 3)] for i in range(n)]),
})
pq.write_table(table, sys.argv[1], row_group_size=200)
`;
    runPython(make, [input]);
    for (const extension of ['.parquet', '.arrow', '.arrows']) {
      const out = fresh(extension);
      expect(summarize([input, '--text', 'body', '--out', out, ...LEAD])).toMatchObject({ rows: 500, nulls: 56 });
      const check = `
import sys
import pyarrow as pa, pyarrow.parquet as pq
source, out, extension = sys.argv[1:]
before = pq.read_table(source)
if extension == '.parquet': after = pq.read_table(out)
elif extension == '.arrow': after = pa.ipc.open_file(out).read_all()
else: after = pa.ipc.open_stream(out).read_all()
assert after.schema.names == before.schema.names + ['generated_summary'], after.schema
for name in before.schema.names:
    assert after.column(name).to_pylist() == before.column(name).to_pylist(), name
    if name != 'body': assert after.schema.field(name).type == before.schema.field(name).type, after.schema
bodies = before.column('body').to_pylist()
assert after.column('generated_summary').to_pylist() == [b and b.split(' More')[0] for b in bodies]
print('equal')
`;
      expect(runPython(check, [input, out, extension])).toBe('equal\n');
    }
  });
});
