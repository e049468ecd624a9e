import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { syncNames, syncToDisk } from '../../src/files/sync.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-sync-'));
const missing = path.join(folder, 'missing');
afterAll(() => rmSync(folder, { recursive: true }));

it('files and folders are synced, and what is not there is an error', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, 'x');
  syncToDisk(file);
  syncToDisk(folder);
  expect(() => syncToDisk(missing)).toThrow(/ENOENT/);
});

it('a name that was made already is not taken for a failure', () => {
  expect(() => syncNames(missing)).not.toThrow();
});
