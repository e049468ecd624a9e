import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Workplace } from './jobs.js';
import { different, killed } from './kills.js';

const scratch = fs.mkdtempSync(path.join(tmpdir(), 'precis-kills-'));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

const KILLS = Number(process.env.PRECIS_FAULT_KILLS ?? 200);

describe('a job of 2,000 rows', () => {
  it(`is the same, byte by byte, after ${KILLS} kills of its supervisor`, async () => {
    const found = await killed(new Workplace(path.join(scratch, 'a'), 2000), KILLS, 'supervisor', 7);
    console.log(
      `${found.kills} kills of the supervisor, ${found.inResume} of them in a resume, over ${found.jobs} jobs`,
    );
    expect(found.inResume).toBeGreaterThanOrEqual(Math.floor(KILLS / 4));
    expect(different(found.outputs)).toEqual([]);
  });

  it(`is the same, byte by byte, after ${KILLS / 4} kills of its engine host`, async () => {
    const found = await killed(new Workplace(path.join(scratch, 'b'), 2000), KILLS / 4, 'host', 8);
    console.log(`${found.kills} kills of the engine host over ${found.jobs} jobs`);
    expect(different(found.outputs)).toEqual([]);
  });
});
