import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isLinux } from '../cli/processes.js';
import { Workplace } from './jobs.js';
import { different, killed } from './kills.js';

const scratch = fs.mkdtempSync(path.join(tmpdir(), 'precis-kills-'));
afterAll(() => fs.rmSync(scratch, { recursive: true }));
if (!isLinux) console.log('skipped: the processes of another one are only told by Linux');

/** The long form is kills.long.test.ts. */
describe.skipIf(!isLinux)('a job of 400 rows', () => {
  it('that is killed 6 times at seeded moments and resumed is the job that nobody killed, byte by byte', async () => {
    const { outputs, kills } = await killed(new Workplace(path.join(scratch, 'a'), 400), 6, 'supervisor', 1);
    expect(kills).toBe(6);
    expect(different(outputs)).toEqual([]);
  });

  it('whose engine host is killed 3 times goes on by itself to the same bytes', async () => {
    const { outputs } = await killed(new Workplace(path.join(scratch, 'b'), 400), 3, 'host', 2);
    expect(different(outputs)).toEqual([]);
  });
});
