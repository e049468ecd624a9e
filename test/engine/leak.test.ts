import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { growth, residentMemory } from './processMemory.js';

const home = mkdtempSync(join(tmpdir(), 'precis-leak-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** 5% are about 6 MB, and 1,000 documents lie between the windows: what keeps 6 KB a document is found. */
it.each(['int8', 'fp32'])('2,000 documents leave nothing behind (%s)', async (precision) => {
  const checkpoint = join(home, 't5');
  writeSeededCheckpoint({ out: checkpoint, family: 't5', size: 'tiny', seed: 1 });
  const resident = await residentMemory(checkpoint, precision, 60, 34);
  expect(growth(resident)).toBeLessThan(0.05);
});
