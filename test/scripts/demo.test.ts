import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../scripts/demo/documents.js';
import { readTable } from '../../src/table/open.js';

const dist = path.resolve(import.meta.dirname, '../../dist');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-demo-'));
const where = {
  cwd: scratch,
  encoding: 'utf8',
  env: { ...process.env, PRECIS_HOME: path.join(scratch, 'home') },
} as const;
afterAll(() => rmSync(scratch, { recursive: true }));

describe('npm run demo', () => {
  it('writes the sample table, summarizes it, and the commands it names then work', async () => {
    // Twice: whoever runs it again has the files of the first time.
    for (let run = 0; run < 2; run++) {
      const { status, stdout } = spawnSync(process.execPath, [path.join(dist, 'scripts/demo.js')], where);
      expect(status).toBe(0);
      expect(stdout).toContain(`${DOCUMENTS.length} rows with the columns id, title, document`);
      expect(stdout).toContain('Council agrees on schools (news)\n  The council approved');
    }
    const command = ['summarize', 'sample.parquet', '--text', 'document', '--out', 'out.parquet'];
    expect(spawnSync(process.execPath, [path.join(dist, 'src/cli/main.js'), ...command], where).status).toBe(0);

    const rows = await (await readTable(path.join(scratch, 'out.parquet'))).collect();
    expect(rows.map(({ title }) => title)).toEqual(DOCUMENTS.map(({ title }) => title));
    for (const { document, generated_summary } of rows) {
      expect(document).toContain(generated_summary);
      expect((generated_summary as string).length).toBeLessThan((document as string).length);
    }
  });
});
