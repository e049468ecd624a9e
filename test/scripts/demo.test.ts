import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SAMPLE } from '../../scripts/demo/sample.js';
import { sampleTable } from '../../scripts/demo/sampleTable.js';
import { sideBySide, wrapped } from '../../scripts/demo/sideBySide.js';
import { readTable, tableFromBatches } from '../../src/table/open.js';
import { isLinux } from '../cli/processes.js';
import { describePython, runPython } from '../python.js';

const dist = path.resolve(import.meta.dirname, '../../dist');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-demo-'));
const home = path.join(scratch, 'home');
afterAll(() => rmSync(scratch, { recursive: true }));

function demo(cwd: string) {
  const env = { ...process.env, PRECIS_HOME: home };
  return spawnSync(process.execPath, [path.join(dist, 'scripts/demo.js')], { cwd, encoding: 'utf8', env });
}

describe('the sample', () => {
  it('is what make-sample.ts writes', async () => {
    const batch = sampleTable();
    const made = tableFromBatches(batch.schema, async function* () {
      yield batch;
    });
    expect(await (await readTable(SAMPLE)).collect()).toEqual(await made.collect());
    expect(batch.numRows).toBe(200);
    expect(statSync(SAMPLE).size).toBeLessThan(300_000);
  });

  describePython('in PyArrow', () => {
    it('has columns of the kinds that real tables have', () => {
      const code = `import sys, json, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
print(json.dumps({"types": {f.name: str(f.type) for f in table.schema}, "rows": table.num_rows, "untitled": table["title"].null_count}))`;
      const { types, rows, untitled } = JSON.parse(runPython(code, [SAMPLE]));
      expect({ rows, untitled }).toEqual({ rows: 200, untitled: 20 });
      expect(types).toMatchObject({ id: 'int64', created: 'timestamp[ms, tz=UTC]', title: 'string', words: 'int32' });
      expect(types.labels).toMatch(/^list<.*: string>$/);
    });
  });
});

describe('a document beside its summary', () => {
  const long = 'word '.repeat(200);
  it.each([60, 100, 121])('in %d columns', (width) => {
    const text = sideBySide(
      { heading: 'one', document: long, summary: 'Short and good.', reference: 'ü'.repeat(90) },
      width,
      4,
    );
    const [heading, ...lines] = text.trimEnd().split('\n');
    expect(heading).toMatch(/^-- one -+$/);
    for (const line of [heading, ...lines]) expect(line.length).toBeLessThanOrEqual(width);
    const left = lines.map((line) => line.split(' | ')[0].trim()).filter((line) => line !== '');
    expect(left).toHaveLength(4);
    expect(left[3]).toMatch(/word\.?.* \.\.\.$/);
    const right = lines.map((line) => line.split(/ \| ?/)[1] ?? '');
    expect(right.join('')).toContain('ü'.repeat(90));
    expect(right[1]).toBe('Short and good.');
  });

  it('is not cut where it fits, and keeps its lines', () => {
    expect(wrapped('- one two\n\n- three', 9)).toEqual(['- one two', '', '- three']);
    expect(sideBySide({ heading: 'x', document: 'a\nb', summary: 's', reference: 'r' }, 60, 2)).not.toContain('...');
  });
});

const model = path.resolve(dist, '../models/precis-tiny/model.safetensors');
if (!existsSync(model)) console.log(`skipped: there is no ${model} yet`);

/** The demo keeps all cores busy for a quarter of a minute, and tests run beside others. */
const PATIENCE = 600_000;

describe.skipIf(!existsSync(model))('npm run demo', () => {
  it(
    'summarizes the sample, shows five documents beside their summaries, and scores them',
    async () => {
      const cwd = path.join(scratch, 'a folder with blanks and ü');
      mkdirSync(cwd);
      const out = path.join(cwd, 'sample-summarized.parquet');
      // Whoever runs it again has the file of the first time.
      copyFileSync(SAMPLE, out);
      const { status, stdout } = demo(cwd);
      expect(status).toBe(0);
      expect(stdout.match(/^-- .*, id \d+ -+$/gm)).toHaveLength(5);
      for (const name of ['builtin:lead-3', 'builtin:textrank', 'sample-summarized.parquet']) {
        expect(stdout).toMatch(new RegExp(`^${name} +>?[.\\d]`, 'm'));
      }
      expect(stdout).toContain(`All rows with their other columns are in ${out}`);
      expect(readdirSync(cwd)).toEqual(['sample-summarized.parquet']);

      const rows = await (await readTable(out)).collect();
      const before = await (await readTable(SAMPLE)).collect();
      expect(rows.map(({ generated_summary: _, ...row }) => row)).toEqual(before);
      const letters = (column: string) => rows.reduce((sum, row) => sum + (row[column] as string).length, 0);
      expect(rows.filter(({ generated_summary }) => generated_summary === '')).toEqual([]);
      expect(letters('generated_summary')).toBeLessThan(letters('document') / 2);
    },
    PATIENCE,
  );

  // Not even root may make files there.
  it.skipIf(!isLinux)(
    'writes under PRECIS_HOME where it was called in a folder that cannot be written',
    () => {
      const { status, stdout } = demo('/sys/kernel');
      expect(status).toBe(0);
      const out = path.join(home, 'demo', 'sample-summarized.parquet');
      expect(stdout).toContain(`are in ${out}`);
      expect(existsSync(out)).toBe(true);
    },
    PATIENCE,
  );
});
