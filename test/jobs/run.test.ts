import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/index.js';
import { isLinux, until } from '../cli/processes.js';
import { Workplace } from './jobs.js';

const scratch = fs.mkdtempSync(path.join(tmpdir(), 'precis-jobs-'));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

let places = 0;
const ECHO = 'builtin:echo?delayMs=1';
const FAULTY = 'builtin:echo?delayMs=1&faults=1';

function workplace(rows: number, textOf?: (row: number) => string | null): Workplace {
  return new Workplace(path.join(scratch, String(places++)), rows, textOf);
}

const rowsOf = async (file: string) => (await readTable(file)).collect();

describe('a job', () => {
  it('adds its columns, keeps every other, and tells of itself', async () => {
    const place = workplace(120, (row) => (row % 10 === 3 ? null : `Text ${row}. More.`));
    const { file, out } = place.spec({ model: ECHO, name: 'nightly', owner: 'data team' });
    const { status, stdout, stderr } = place.precis(['job', 'run', file, '--json']);
    expect(status, stderr).toBe(0);
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({ state: 'done', name: 'nightly', owner: 'data team', rows: 120, failed: 0, runs: 1 });
    expect(record.partitions.map((one: { rows: number }) => one.rows)).toEqual([50, 50, 20]);
    const rows = await rowsOf(out);
    expect(rows).toHaveLength(120);
    for (const row of rows) expect(row.summary).toBe(row.body);
    expect(fs.readdirSync(place.folder).filter((name) => name.includes('precis'))).toEqual([]);
    expect(place.record(record.id).rows).toBe(120);
    expect(place.precis(['job', 'show', record.id]).stdout).toMatch(/^state +done$/m);
  });

  it('without rows is done at once', async () => {
    const place = workplace(0);
    fs.writeFileSync(place.table, '');
    const csv = path.join(place.folder, 'empty.csv');
    fs.writeFileSync(csv, 'id,body\n');
    const { file, out } = place.spec({ model: ECHO, source: csv });
    expect(place.precis(['job', 'run', file]).status).toBe(0);
    expect(await rowsOf(out)).toEqual([]);
  });

  it('refuses what is wrong with it before anything runs', () => {
    const place = workplace(10);
    const wrong = (more: object) => place.precis(['job', 'run', place.spec({ model: ECHO, ...more }).file]);
    expect(wrong({ columns: [{ name: 'summary', fn: 'summarize', text: 'bodi' }] }).stderr).toContain(
      'did you mean body?',
    );
    expect(wrong({ source: path.join(place.folder, 'none.jsonl') }).stderr).toContain('none.jsonl is not there');
    expect(wrong({ key: ['ident'] }).status).toBe(1);
    expect(wrong({ outputt: 'x' }).status).toBe(2);
    expect(JSON.parse(place.precis(['job', 'list', '--json']).stdout).jobs).toEqual([]);
    const { file, out } = place.spec({ model: ECHO });
    fs.writeFileSync(out, 'mine');
    expect(place.precis(['job', 'run', file]).stderr).toContain('is there already');
    expect(fs.readFileSync(out, 'utf8')).toBe('mine');
  });

  it('with --dry-run reckons from a sample and writes nothing', () => {
    const place = workplace(300);
    const { file, out } = place.spec({ cost: { perThousandTokens: 2 } });
    const found = JSON.parse(place.precis(['job', 'run', file, '--dry-run', '--json']).stdout);
    expect(found).toMatchObject({ rows: 300, partitions: 6, output: out });
    expect(found.sample.rows).toBeGreaterThan(15);
    // Each row has three words, in and out.
    expect(found.input_tokens).toBe(900);
    expect(found.cost).toBeCloseTo(3.6);
    expect(fs.existsSync(out)).toBe(false);
    expect(JSON.parse(place.precis(['job', 'list', '--json']).stdout).jobs).toEqual([]);
  });
});

describe('rows that fail', () => {
  const isBad = (row: number) => row % 40 === 7;
  const place = workplace(200, (row) => (isBad(row) ? `Secret ${row} [[fail]]` : `Text ${row}. More.`));
  const bad = Array.from({ length: 200 }, (_, row) => row).filter(isBad);

  it('are told apart, found again with their reasons, and cost no other row', async () => {
    const { file, out } = place.spec({ model: FAULTY, output: undefined });
    const spec = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, JSON.stringify({ ...spec, output: { path: out, errorColumn: 'why' } }));
    const record = JSON.parse(place.precis(['job', 'run', file, '--json']).stdout);
    expect(record).toMatchObject({ state: 'done', rows: 200, failed: 5, succeeded: 195, retried: 5 });
    const rows = await rowsOf(out);
    expect(rows).toHaveLength(200);
    expect(rows.filter((row) => row.why !== null).map((row) => row.id)).toEqual(bad);
    for (const row of rows) expect(row.summary).toBe(isBad(row.id as number) ? null : row.body);
    const failed = await rowsOf(record.failed_rows);
    expect(record.failed_rows).toBe(`${out}.failed.parquet`);
    expect(failed.map((row) => [row.id, row.row])).toEqual(bad.map((row) => [row, row + 1]));
    for (const row of failed) {
      expect(row).toMatchObject({
        run_id: record.id,
        source_file: fs.realpathSync(place.table),
        attempts: 4,
        model: FAULTY,
      });
      expect(JSON.stringify(row)).not.toContain('Secret');
    }
  });

  it.each([
    [5, 0],
    [4, 3],
    [-1, 0],
  ])('against a threshold of %d end with exit code %d', (errorThreshold, code) => {
    const { file, out } = place.spec({ model: FAULTY, errorThreshold });
    const { status, stderr } = place.precis(['job', 'run', file]);
    expect(status, stderr).toBe(code);
    expect(fs.existsSync(out)).toBe(code === 0);
  });

  it('past the threshold can be published all the same, or by a resume with a higher one', async () => {
    const partial = place.spec({ model: FAULTY, errorThreshold: 1 });
    const run = place.precis(['job', 'run', partial.file, '--publish-partial', '--json']);
    expect(run.status).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({ state: 'failed', rows: 50 });
    const stopped = place.spec({ model: FAULTY, errorThreshold: 1 });
    expect(place.precis(['job', 'run', stopped.file]).status).toBe(3);
    const id = place.job();
    expect(place.record(id).state).toBe('failed');
    expect(place.precis(['job', 'resume', id, '--error-threshold', '-1']).status).toBe(0);
    expect(await rowsOf(stopped.out)).toHaveLength(195);
  });

  it('go to the fallback model, and to another model by a retry', async () => {
    const fallback = place.spec({ model: FAULTY, fallbackModel: 'builtin:lead-1' });
    const record = JSON.parse(place.precis(['job', 'run', fallback.file, '--json']).stdout);
    expect(record).toMatchObject({ state: 'done', failed: 0, retried: 5 });
    expect((await rowsOf(fallback.out))[7].summary).toBe('Secret 7 [[fail]]');

    const later = place.spec({ model: FAULTY });
    expect(place.precis(['job', 'run', later.file]).status).toBe(0);
    expect(await rowsOf(later.out)).toHaveLength(195);
    const id = place.job();
    const retry = place.precis(['job', 'retry', id, '--model', 'builtin:lead-1', '--json']);
    expect(retry.status, retry.stderr).toBe(0);
    expect(JSON.parse(retry.stdout)).toMatchObject({ state: 'done', failed: 0, succeeded: 200 });
    expect((await rowsOf(later.out)).map((row) => row.id)).toEqual(Array.from({ length: 200 }, (_, row) => row));
    expect(fs.existsSync(`${later.out}.failed.parquet`)).toBe(false);
  });
});

describe('a resume', () => {
  it('refuses a changed source by name, and computes anew if that is accepted', async () => {
    const place = workplace(120, (row) => (row === 70 ? 'Bad [[fail]]' : `Text ${row}. More.`));
    const { file, out } = place.spec({ model: FAULTY, errorThreshold: 0 });
    expect(place.precis(['job', 'run', file]).status).toBe(3);
    const id = place.job();
    fs.appendFileSync(place.table, '{"id": 120, "body": "One more. Row."}\n');
    const refused = place.precis(['job', 'resume', id, '--error-threshold', '-1']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(fs.realpathSync(place.table));
    const accepted = place.precis(['job', 'resume', id, '--error-threshold', '-1', '--accept-changes']);
    expect(accepted.status, accepted.stderr).toBe(0);
    expect(await rowsOf(out)).toHaveLength(120);
  });

  it('of a job that is done, or cancelled, is refused', () => {
    const place = workplace(20);
    const { file } = place.spec({ model: ECHO });
    place.precis(['job', 'run', file]);
    const { status, stderr } = place.precis(['job', 'resume', place.job()]);
    expect(status).toBe(1);
    expect(stderr).toContain('is done');
    expect(place.precis(['job', 'retry', place.job()]).stderr).toContain('has failed, expected rows to try again');
  });
});

describe.skipIf(!isLinux)('two processes', () => {
  it('on one output: one works, the other says which job does', async () => {
    const place = workplace(400);
    const slow = place.spec();
    const run = place.start(['job', 'run', slow.file]);
    await until(() => fs.readdirSync(place.folder).some((name) => name.endsWith('.precis-lock')));
    const other = JSON.parse(fs.readFileSync(slow.file, 'utf8'));
    const second = path.join(place.folder, 'second.json');
    fs.writeFileSync(second, JSON.stringify({ ...other, model: ECHO }));
    const refused = place.precis(['job', 'run', second]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^precis: \[lock\] .*out-0\.parquet .*process \d+/m);
    expect(await run.end).toBe(0);
  });

  it('one of which cancels the job of the other', async () => {
    const place = workplace(2000);
    const slow = place.spec({ model: 'builtin:echo?delayMs=20' });
    const run = place.start(['job', 'run', slow.file]);
    await until(() => JSON.parse(place.precis(['job', 'list', '--json']).stdout).jobs[0]?.rows > 0);
    const id = place.job();
    const cancel = place.precis(['job', 'cancel', id]);
    expect(cancel.status, cancel.stderr).toBe(0);
    expect(await run.end).toBe(130);
    expect(place.record(id).state).toBe('cancelled');
    expect(fs.existsSync(slow.out)).toBe(false);
    expect(place.precis(['job', 'resume', id]).stderr).toContain('is cancelled');
  });
});

describe('an incremental job', () => {
  it('computes what is new or changed, exactly, and equals a full run', async () => {
    const place = workplace(100);
    const days = [0, 1, 2].map(
      (day) => (row: number) => `Text ${row}, ${row % 10 === day ? `changed on day ${day}` : 'as ever'}. More.`,
    );
    const out = path.join(place.folder, 'summaries.parquet');
    const computed: number[] = [];
    for (const [day, textOf] of days.entries()) {
      const lines = Array.from({ length: 100 + 5 * day }, (_, id) => `${JSON.stringify({ id, body: textOf(id) })}\n`);
      fs.writeFileSync(place.table, lines.slice(day).join(''));
      const { file } = place.spec({ model: ECHO, output: { path: out, mode: 'overwrite' }, incremental: true });
      const run = place.precis(['job', 'run', file, '--json']);
      expect(run.status, run.stderr).toBe(0);
      const record = JSON.parse(run.stdout);
      computed.push(record.rows - record.carried);
      for (const row of await rowsOf(out)) expect(row.summary).toBe(row.body);
    }
    // On each day the rows that changed back, those that changed, and the new ones that did neither.
    const changed = (day: number) => {
      const rows = Array.from({ length: 100 + 5 * day - day }, (_, i) => i + day);
      return rows.filter((id) => id >= 100 + 5 * (day - 1) || days[day](id) !== days[day - 1](id)).length;
    };
    expect(computed).toEqual([100, changed(1), changed(2)]);
  });
});

describe('the cache of answers', () => {
  it('serves another job with the same texts, and lineage says so', async () => {
    const place = workplace(80);
    const first = place.spec({ model: ECHO, cache: true });
    expect(place.precis(['job', 'run', first.file]).status).toBe(0);
    const second = place.spec({ model: ECHO, cache: true, lineage: true });
    const record = JSON.parse(place.precis(['job', 'run', second.file, '--json']).stdout);
    expect(record).toMatchObject({ cached: 80, input_tokens: 0 });
    const rows = await rowsOf(second.out);
    for (const row of rows) {
      expect(row.summary).toBe(row.body);
      expect(row.precis_from_cache).toBe(true);
      expect(row.precis_source_row).toBe((row.id as number) + 1);
    }
  });
});
