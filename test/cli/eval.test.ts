import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAtShipped } from '../../src/engine/builtin/shippedModel.js';
import { METRICS } from '../../src/evaluate/types.js';
import { describePython, runPython } from '../python.js';
import { MAIN, precisWith, withoutProgress } from './precis.js';
import { isLinux, until } from './processes.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-eval-'));
const precis = precisWith(path.join(scratch, 'home'));
const NEWS = path.join(scratch, 'news.jsonl');
const TWO = ['--model', 'builtin:lead-1', '--model', 'builtin:echo'];
const COLUMNS = ['--text', 'body', '--reference', 'good', '--workers', '1'];

const ROWS = [
  {
    id: 1,
    body: 'Sales rose by 12 percent. Rain fell. Nobody was surprised by it.',
    good: 'Sales rose by 12 percent.',
  },
  { id: 2, body: 'A dog barked. The mayor resigned on Monday.', good: 'The mayor resigned.' },
  { id: 3, body: null, good: 'Nothing to read.' },
  { id: 4, body: 'Only this. And that.', good: null },
  { id: 5, body: '🎉 won 3 games. שלום עולם. More of it.', good: 'שלום עולם' },
];

beforeAll(() => writeFileSync(NEWS, ROWS.map((row) => `${JSON.stringify(row)}\n`).join('')));
afterAll(() => rmSync(scratch, { recursive: true }));

let made = 0;
const fresh = (extension: string) => path.join(scratch, `out-${made++}${extension}`);

interface Figures {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly rows: number;
}

interface EvalRecord extends Record<string, unknown> {
  readonly candidates: readonly (Record<string, unknown> & {
    readonly name: string;
    readonly estimates: Readonly<Record<string, Figures>>;
    readonly differences: Readonly<Record<string, Figures>> | null;
  })[];
}

function evaluated(args: readonly string[]): EvalRecord {
  const { status, stdout, stderr } = precis(['eval', ...args, '--json']);
  expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
  expect(stdout.match(/\n/g)).toHaveLength(1);
  return JSON.parse(stdout) as EvalRecord;
}

describe('precis eval', () => {
  it('prints one table of candidates, with what its marks mean', () => {
    const { status, stdout, stderr } = precis(['eval', NEWS, ...COLUMNS, ...TWO, '--cost-per-1k-tokens', '0.5']);
    expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
    const [head, lead, echo, empty, ...legend] = stdout.split('\n');
    const titles = head
      .trim()
      .split(/ (?! )(?!in|out)/)
      .map((title) => title.trim())
      .filter(Boolean);
    expect(titles.slice(0, 8)).toEqual(['candidate', 'R-1', 'R-2', 'R-L', '95%', 'R-Lsum', 'faithful', 'names']);
    expect(titles.slice(-4)).toEqual(['rows/s', 'tok in', 'tok out', 'cost']);
    // F1 of 1, 0 (no common word) and, without a word of the reference, 0.
    expect(lead).toMatch(/^builtin:lead-1 +>?\.\d{3}/);
    expect(echo).toMatch(/^builtin:echo +>?\.\d{3}/);
    expect(empty).toBe('');
    expect(legend[0]).toBe(`rows        5 rows of ${NEWS} (body), 4 with a reference (good)`);
    expect(legend[1]).toContain('differs from builtin:lead-1, row by row');
    expect(legend[2]).toBe('nulls       1 row without a text, not scored');
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(0, 3)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(160);
  });

  it('prints one object with --json', () => {
    const record = evaluated([NEWS, ...COLUMNS, ...TWO, '--cost-per-1k-tokens', '0.5', '--seed', '3']);
    expect(record).toMatchObject({
      input: NEWS,
      text: 'body',
      reference: 'good',
      rows: 5,
      nulls: 1,
      references: 4,
      ranking: 'rougeL',
      seed: 3,
      output: null,
      report: null,
      sheet: null,
    });
    const words = (texts: readonly (string | null)[]) => texts.flatMap((one) => one?.split(' ') ?? []).length;
    const inputTokens = words(ROWS.map(({ body }) => body));
    const [lead, echo] = record.candidates;
    expect(lead).toMatchObject({
      name: 'builtin:lead-1',
      kind: 'model',
      precision: 'none',
      failed: 0,
      differences: null,
    });
    expect(echo).toMatchObject({ input_tokens: inputTokens, output_tokens: inputTokens, price: inputTokens / 1000 });
    // Of texts that were taken over whole: everything is in the source, nothing is new.
    expect(echo.estimates.copied).toEqual({ mean: 1, low: 1, high: 1, rows: 4 });
    expect(echo.estimates.novelty.mean).toBe(0);
    expect(echo.estimates.compression.mean).toBe(1);
    // 1 of the first row; the second has no word of its reference; the third has no Latin word to compare.
    expect(lead.estimates.rouge1).toMatchObject({ mean: 1 / 3, rows: 3 });
    expect(lead.estimates.rouge1.low).toBeLessThanOrEqual(1 / 3);
  });

  it('takes the built-in model and the baselines if none is named', () => {
    const { problem } = lookAtShipped();
    if (problem !== null) {
      expect(precis(['eval', NEWS, ...COLUMNS]).stderr).toContain('the built-in model is missing');
      return;
    }
    const names = evaluated([NEWS, ...COLUMNS, '--limit', '1']).candidates.map(({ name }) => name);
    expect(names).toEqual(['builtin:precis-tiny', 'builtin:lead-3', 'builtin:textrank']);
  });

  it('compares what was stored, with or without a key', () => {
    const outputs = ['lead-1', 'lead-3'].map((name) => {
      const out = fresh('.parquet');
      expect(precis(['summarize', NEWS, '--text', 'body', '--model', `builtin:${name}`, '--out', out]).status).toBe(0);
      return out;
    });
    const byPlace = evaluated([NEWS, ...COLUMNS, '--outputs', ...outputs]);
    const byKey = evaluated([NEWS, ...COLUMNS, '--outputs', outputs[0], '--outputs', outputs[1], '--key', 'id']);
    expect(byPlace.candidates.map(({ name, kind }) => [name, kind])).toEqual(
      outputs.map((out) => [path.basename(out), 'output']),
    );
    expect(byKey.candidates).toEqual(byPlace.candidates);
    const run = evaluated([NEWS, ...COLUMNS, '--model', 'builtin:lead-1', '--model', 'builtin:lead-3']);
    expect(run.candidates.map(({ estimates, differences }) => ({ estimates, differences }))).toEqual(
      byPlace.candidates.map(({ estimates, differences }) => ({ estimates, differences })),
    );
  });

  it('evaluates a part of the rows', () => {
    expect(evaluated([NEWS, ...COLUMNS, ...TWO, '--limit', '2'])).toMatchObject({ rows: 2 });
    expect(evaluated([NEWS, ...COLUMNS, ...TWO, '--sample', '3', '--seed', '1'])).toMatchObject({ rows: 3, seed: 1 });
    expect(evaluated([NEWS, ...COLUMNS, ...TWO, '--limit', '0']).candidates[0].estimates).toEqual({});
  });

  it('says that nothing was scored where there is nothing to score', () => {
    const nothing = fresh('.csv');
    writeFileSync(nothing, 'body,good\n,A reference.\n');
    const out = fresh('.csv');
    const { status, stdout } = precis(['eval', nothing, ...COLUMNS, ...TWO, '--out', out]);
    expect(status).toBe(0);
    expect(stdout).toContain('not scored  no row has both a text and a summary\n');
    expect(stdout).not.toContain('NaN');
    expect(readFileSync(out, 'utf8').split('\n').slice(1)).toEqual([
      '0,builtin:lead-1,A reference.,,,,,,,,,,,,,,',
      '0,builtin:echo,A reference.,,,,,,,,,,,,,,',
      '',
    ]);
  });

  it('counts rows that fail, and says why', () => {
    const strict = ['--max-input-tokens', '8', '--long-documents', 'error'];
    const [lead] = evaluated([NEWS, ...COLUMNS, ...TWO, ...strict]).candidates;
    expect(lead).toMatchObject({
      failed: 2,
      failures: [{ row: 1, reason: expect.stringContaining('12 tokens') }, { row: 5 }],
    });
    const { status, stdout } = precis(['eval', NEWS, ...COLUMNS, ...TWO, ...strict]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^failed {6}builtin:lead-1: 2 rows, not scored; the first: row 1: \[input\] the text has 12/m,
    );
  });
});

describe('--out, --report and --rate', () => {
  it('write the scores of each row and candidate', () => {
    const out = fresh('.jsonl');
    const record = evaluated([NEWS, ...COLUMNS, ...TWO, '--out', out]);
    expect(record.output).toBe(out);
    const rows = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(Object.keys(rows[0])).toEqual(['row', 'candidate', 'reference', 'summary', 'error', ...METRICS]);
    expect(rows.map(({ row, candidate }) => `${row} ${candidate}`)).toEqual(
      ['builtin:lead-1', 'builtin:echo'].flatMap((name) => ROWS.map((_, row) => `${row} ${name}`)),
    );
    expect(rows[4]).toMatchObject({ summary: '🎉 won 3 games.', reference: 'שלום עולם' });
    expect(rows[2]).toMatchObject({ summary: null, error: null, rouge1: null, words: null });
  });

  it('write a page', () => {
    const report = fresh('.html');
    evaluated([NEWS, ...COLUMNS, ...TWO, '--report', report]);
    const page = readFileSync(report, 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('builtin:lead-1');
    expect(page).toContain('שלום עולם');
  });

  it('write to stdout, and the table to stderr', () => {
    const { env } = precis;
    const child = spawn(process.execPath, [MAIN, 'eval', NEWS, ...COLUMNS, ...TWO, '--out', '-'], { env });
    const bytes: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => bytes.push(chunk));
    return Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code], stderr]) => {
      expect(code).toBe(0);
      expect(stderr).toContain('candidate ');
      expect(tableFromIPC(Buffer.concat(bytes)).numRows).toBe(10);
    });
  });

  it('write a sheet and read it back', () => {
    const sheet = fresh('.csv');
    const record = evaluated([NEWS, ...COLUMNS, ...TWO, '--rate', '3', '--sheet', sheet]);
    expect(record.sheet).toEqual({ file: sheet, key: `${sheet}.key.json`, pairs: 3, identical: 0 });
    const lines = readFileSync(sheet, 'utf8').split('\r\n');
    writeFileSync(sheet, lines.map((line, i) => (i === 0 ? line : line.replace(/"",""$/, '"=",""'))).join('\r\n'));
    const { status, stdout } = precis(['eval', '--rated', sheet]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `sheet       ${sheet}: 3 pairs rated
pair        builtin:lead-1 against builtin:echo: better in 0, worse in 0, neither in 3
`,
    });
    const { pairs } = JSON.parse(precis(['eval', '--rated', sheet, '--json']).stdout);
    expect(pairs).toEqual([
      { one: 'builtin:lead-1', other: 'builtin:echo', wins: 0, losses: 0, ties: 3, p: null, win_share: null },
    ]);
  });

  it('replace nothing unless asked to', () => {
    const [out, report] = [fresh('.jsonl'), fresh('.html')];
    for (const [flag, file] of [
      ['--out', out],
      ['--report', report],
    ] as const) {
      writeFileSync(file, 'mine');
      const { status, stdout, stderr } = precis(['eval', NEWS, ...COLUMNS, ...TWO, flag, file]);
      expect({ status, stdout, file: readFileSync(file, 'utf8') }).toEqual({ status: 1, stdout: '', file: 'mine' });
      expect(stderr).toContain(`[output] ${file} is there already`);
    }
    evaluated([NEWS, ...COLUMNS, ...TWO, '--out', out, '--report', report, '--overwrite']);
    expect(readFileSync(out, 'utf8')).not.toBe('mine');
    expect(readFileSync(report, 'utf8')).not.toBe('mine');
    for (const flag of ['--out', '--report']) {
      const { stderr } = precis(['eval', NEWS, ...COLUMNS, ...TWO, flag, NEWS, '--overwrite']);
      expect(stderr).toContain('is an input of this very table');
    }
    expect(readFileSync(NEWS, 'utf8').split('\n')).toHaveLength(6);
  });

  it.each(['--out', '--report', '--sheet'])('%s into a folder that is not there, or may not be written', (flag) => {
    const folder = path.join(scratch, `locked-${made++}`);
    const file = path.join(folder, 'x.csv');
    const more = flag === '--sheet' ? ['--rate', '2'] : [];
    const args = ['eval', NEWS, ...COLUMNS, ...TWO, ...more, flag, file];
    const { status, stderr } = precis(args);
    expect(status).toBe(1);
    expect(withoutProgress(stderr)).toMatch(
      new RegExp(`^precis: \\[output\\] the folder \\S+ of ${file} is not there`),
    );
    if (process.getuid?.() === 0) return;
    mkdirSync(folder, { mode: 0o555 });
    expect(precis(args).stderr).toContain(`no permission to write ${file}`);
  });
});

describe('what is wrong', () => {
  it.each<[args: readonly string[], message: string]>([
    [[NEWS], '--text is missing'],
    [['--text', 'body'], '0 tables are given, expected one'],
    [[NEWS, NEWS, '--text', 'body'], '2 tables are given, expected one; stored summaries follow --outputs'],
    [[NEWS, '--text', 'body', '--modell', 'x'], 'did you mean --model?'],
    [[NEWS, '--text', 'body', ...TWO, ...TWO], 'model builtin:lead-1 is named twice'],
    [[NEWS, '--text', 'body', '--json', '--out', '-'], '--json and --out - both want stdout'],
    [[NEWS, '--text', 'body', '--out', 'x.csv', '--report', 'x.csv'], '--out and --report name the same file'],
    [[NEWS, '--text', 'body', '--key', 'id'], '--key is given without --outputs'],
    [[NEWS, '--text', 'body', '--column', 'id'], '--column is given without --outputs'],
    [[NEWS, '--text', 'body', '--limit', '1', '--sample', '1'], '--limit and --sample are given'],
    [[NEWS, '--text', 'body', '--cost-per-1k-tokens', '-1'], '--cost-per-1k-tokens is -1'],
    [[NEWS, '--text', 'body', '--rate', '3'], '--rate is given without --sheet'],
    [[NEWS, '--text', 'body', '--sheet', 'x.csv'], '--sheet is given without --rate'],
    [[NEWS, '--rated', 'x.csv'], `${NEWS} is given with --rated`],
    [['--rated', 'x.csv', '--text', 'body'], '--text is given with --rated'],
    [[NEWS, '--text', 'body', '--rubric', 'x.json'], '--rubric is given without --judge'],
    [[NEWS, '--text', 'body', '--overwrite'], '--overwrite is given, and nothing is written'],
    [[NEWS, '--text', 'body', '--format', 'csv'], '--format is given without --out'],
    [[NEWS, '--text', 'body', ...TWO, '--num-beams', '2'], 'numBeams 2 has no meaning for builtin:lead-1'],
    [[NEWS, '--text', 'body', '--device', 'cuda'], '--device cuda is not supported'],
  ])('usage: %j', (args, message) => {
    const { status, stdout, stderr } = precis(['eval', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('precis: [usage] ');
    expect(stderr).toContain(message);
  });

  it.each<[args: readonly string[], message: string]>([
    [['--text', 'boby'], 'has no column "boby", expected one of id, body, good; did you mean body?'],
    [['--text', 'body', '--reference', 'id'], 'column id of'],
    [['--text', 'body', '--model', 'builtin:lead-9'], 'builtin:lead-9 is no built-in model'],
    [['--text', 'body', '--outputs', 'none.parquet'], 'none.parquet'],
  ])('in the table, models or outputs: %j', (args, message) => {
    const { status, stdout, stderr } = precis(['eval', NEWS, ...args]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe.skipIf(!isLinux)('an evaluation that is stopped', () => {
  it('leaves nothing and says how far it came', async () => {
    const folder = path.join(scratch, 'stopped');
    mkdirSync(folder);
    const slow = ['--model', 'builtin:lead-1', '--model', 'builtin:echo?delayMs=600000', '--workers', '1'];
    const outputs = ['--out', path.join(folder, 'o.parquet'), '--report', path.join(folder, 'r.html')];
    const args = [MAIN, 'eval', NEWS, '--text', 'body', ...slow, ...outputs, '--partition-rows', '1'];
    const child = spawn(process.execPath, args, { env: precis.env });
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    await until(() => readdirSync(folder).length === 2);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(await stdout).toBe('');
    expect(withoutProgress(await stderr)).toMatch(/^precis: interrupted.*; nothing is written\n$/);
    expect(existsSync(folder) && readdirSync(folder)).toEqual([]);
  });
});

describePython('the scores in Parquet, read by PyArrow', () => {
  it('have the means that are printed', () => {
    const out = fresh('.parquet');
    const record = evaluated([NEWS, ...COLUMNS, ...TWO, '--out', out]);
    const found = JSON.parse(
      runPython(
        `
import json, sys
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
rows = table.to_pylist()
metrics = table.schema.names[5:]
names = list(dict.fromkeys(row["candidate"] for row in rows))
values = {name: {m: [r[m] for r in rows if r["candidate"] == name] for m in metrics} for name in names}
mean = lambda xs: sum(xs) / len(xs)
present = lambda xs: [x for x in xs if x is not None]
first = values[names[0]]
print(json.dumps({
    "types": [str(t) for t in table.schema.types],
    "summaries": [row["summary"] for row in rows],
    "means": {n: {m: mean(present(xs)) for m, xs in v.items() if present(xs)} for n, v in values.items()},
    "differences": {m: mean(pairs) for m, xs in values[names[1]].items()
                    if (pairs := [x - y for x, y in zip(xs, first[m]) if x is not None and y is not None])},
}))
`,
        [out],
      ),
    );
    expect(found.types).toEqual(['int32', 'string', 'string', 'string', 'string', ...METRICS.map(() => 'double')]);
    expect(found.summaries.slice(5)).toEqual(ROWS.map(({ body }) => body));
    for (const { name, estimates } of record.candidates) {
      expect(Object.keys(estimates)).toEqual(Object.keys(found.means[name]));
      for (const [metric, { mean }] of Object.entries(estimates))
        expect(mean).toBeCloseTo(found.means[name][metric], 12);
    }
    const { differences } = record.candidates[1];
    expect(Object.keys(differences!)).toEqual(Object.keys(found.differences));
    for (const [metric, { mean }] of Object.entries(differences!)) {
      expect(mean).toBeCloseTo(found.differences[metric], 12);
    }
  });
});
