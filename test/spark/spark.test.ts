import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';

/** An interpreter with pyspark and pyarrow; Java 17 must be there too. */
const spark = process.env.PRECIS_TEST_SPARK;
if (!spark) console.log('skipped what runs in Spark: set PRECIS_TEST_SPARK to an interpreter with pyspark');

const MAIN = path.resolve(import.meta.dirname, '../../dist/src/cli/main.js');
const CHECKS = path.join(import.meta.dirname, 'checks.py');
/** Two tasks at a time, each tried up to four times, as on a cluster. */
const MASTER = 'local[2,4]';

interface Answers {
  same_as_command_line: { rows: number; equal: boolean; metrics: Record<string, number> };
  same_model: Record<'path' | 'archive' | 'different', boolean> & { rows: number };
  reused: { engine_starts: number; rows: number };
  killed: { killed: boolean; failed_tasks: number; rows: number; right: boolean };
  row_errors: { struct: unknown[]; null: unknown[]; metrics: Record<string, number>; fail: string };
  empty_partitions: { some: unknown[]; none: unknown[]; columns: string[] };
  columns: unknown[];
  abandoned: { few: string[]; right: boolean };
  refused: Record<string, string>;
  engines_before_the_end: boolean;
  engines_after_the_end: number[];
}

describe.skipIf(!spark)('in a real Spark', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'precis-spark-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  let answers: Answers;

  beforeAll(async () => {
    writeSeededCheckpoint({ out: path.join(scratch, 'model'), family: 't5', size: 'tiny' });
    const command = JSON.stringify([process.execPath, MAIN]);
    const env = { ...process.env, PRECIS_HOME: path.join(scratch, 'home'), PYSPARK_PYTHON: spark };
    const child = spawn(spark!, [CHECKS, MASTER, scratch, command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [output, errors]: Buffer[][] = [[], []];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    const [status] = await once(child, 'close');
    if (status !== 0)
      throw new Error(`checks.py ended with ${status}\n${Buffer.concat(errors).toString().slice(-4000)}`);
    answers = JSON.parse(Buffer.concat(output).toString());
  }, 600_000);

  it('2,000 rows are what `precis summarize` makes of them, all other columns too', () => {
    const { rows, equal, metrics } = answers.same_as_command_line;
    expect({ rows, equal }).toEqual({ rows: 2000, equal: true });
    expect(metrics).toMatchObject({ rows: 2000, null_rows: 40, failed: 0, truncated: 0 });
    expect(metrics.input_tokens).toBeGreaterThan(metrics.output_tokens);
  });

  it('a model with weights gives the same by its path and as an archive that Spark ships', () => {
    expect(answers.same_model).toEqual({ rows: 60, different: true, path: true, archive: true });
  });

  it('one engine process for each task that runs at a time, over twenty tasks of two jobs', () => {
    expect(answers.reused.rows).toBe(200);
    expect(answers.reused.engine_starts).toBeGreaterThanOrEqual(1);
    expect(answers.reused.engine_starts).toBeLessThanOrEqual(3);
  });

  it('an engine that is killed costs one task, which is tried again', () => {
    expect(answers.killed).toEqual({ killed: true, failed_tasks: 1, rows: 2000, right: true });
  });

  it('rows that fail are kept with their reason, made null, or fail their task', () => {
    const { struct, null: nulls, metrics, fail } = answers.row_errors;
    const fine = (words: number) => ['word '.repeat(words), words, null];
    expect(struct).toEqual([fine(1), fine(2), null, fine(4), [null, null, 'input'], [null, null, 'input']]);
    expect(nulls).toEqual(['word ', 'word word ', null, 'word word word word ', null, null]);
    expect(metrics).toMatchObject({ rows: 6, null_rows: 1, input_tokens: 7, failed: 2 });
    expect(fail).toContain('row 4 (from 0) of this partition failed: input: the text has 5 tokens, expected at most 4');
  });

  it('partitions without rows, and a table without rows', () => {
    const rows = [2, 7].map((id) => [id, String(id), String(id)]);
    expect(answers.empty_partitions).toEqual({ some: rows, none: [], columns: ['id', 't', 's'] });
  });

  it('an expression of columns, and a column that is replaced where it stands', () => {
    expect(answers.columns).toEqual([{ title: 'Title', body: 'Body.', score: 1.5, joined: 'Title: Body. More.' }]);
  });

  it('a task that is given up leaves no answers behind for the next', () => {
    expect(answers.abandoned).toEqual({ few: ['0', '1', '2'], right: true });
  });

  it.each([
    ['option', 'unknown option num_beam, expected one of on_error, command'],
    ['option', 'did you mean num_beams?'],
    ['value', "option precision is 'fp8', expected one of auto, fp32, int8, fp16"],
    ['column', 'no column documents, expected one of id, document; did you mean document?'],
    ['type', 'column id is int, expected a text (string)'],
    ['command', 'no-such-command cannot be started: No such file or directory'],
    ['model', 'ended with status 1'],
    ['model', 'builtin:nothing is no built-in model'],
    ['archive', 'archive:nothing is not at '],
  ])('a wrong %s is refused: %s', (what, message) => {
    expect(answers.refused[what]).toContain(message);
  });

  it('the engines end with Spark', () => {
    expect(answers.engines_before_the_end).toBe(true);
    expect(answers.engines_after_the_end).toEqual([]);
  });
});
