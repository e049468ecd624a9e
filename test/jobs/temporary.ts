import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for the test that asks. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** PRECIS_HOME is a folder of its own until the test ends. */
export function temporaryHome(): string {
  const home = temporaryFolder();
  const before = process.env.PRECIS_HOME;
  process.env.PRECIS_HOME = home;
  onTestFinished(() => {
    if (before === undefined) delete process.env.PRECIS_HOME;
    else process.env.PRECIS_HOME = before;
  });
  return home;
}
