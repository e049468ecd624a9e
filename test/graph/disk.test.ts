import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { convertCheckpoint } from '../../src/graph/convert.js';

const scratch = mkdtempSync(join(tmpdir(), 'precis-disk-'));
const checkpoint = join(scratch, 'model');
const mounted: string[] = [];

beforeAll(() => writeSeededCheckpoint({ out: checkpoint, family: 't5', size: 'tiny' }));
afterAll(() => {
  for (const folder of mounted) spawnSync('umount', [folder]);
  rmSync(scratch, { recursive: true });
});

/** A small disk of its own; null where this user may not mount one. */
function disk(name: string, options: string): string | null {
  const folder = join(scratch, name);
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (status !== 0) {
    console.log(`skipped: this user may not mount a file system (${name})`);
    return null;
  }
  mounted.push(folder);
  return folder;
}

it('a disk that fills up during a conversion is named, and nothing half done stays', async (test) => {
  const folder = disk('full', 'size=300k');
  if (!folder) return test.skip();
  process.env.PRECIS_HOME = join(folder, 'home');
  await expect(convertCheckpoint(checkpoint, { precision: 'int8' })).rejects.toThrow(
    /^\[cache\] no space left on the disk of .*; free some space or set PRECIS_HOME/,
  );
  expect(readdirSync(join(folder, 'home', 'converted'))).toEqual([]);
});

it('a read-only disk is named', async (test) => {
  const folder = disk('locked', 'size=1m,ro');
  if (!folder) return test.skip();
  process.env.PRECIS_HOME = join(folder, 'home');
  await expect(convertCheckpoint(checkpoint, { precision: 'int8' })).rejects.toThrow(/^\[cache\] .*set PRECIS_HOME/);
});
