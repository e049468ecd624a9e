import { spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from './textFiles.js';

const scratch = scratchFolder();
const TEXT = 'the quick brown fox jumps over the lazy dog '.repeat(20);
const BLOCKS = 110;
const ROWS_A_BLOCK = 2000;

it.each([
  ['csv', 'id,text\n', `"0","${TEXT}, ""é"""\n`],
  ['jsonl', '', `{"id":0,"text":"${TEXT} \\"é\\""}\n`],
])('a %s file that is larger than the memory it takes', (format, head, row) => {
  const file = scratch(`large.${format}`);
  const block = row.repeat(ROWS_A_BLOCK);
  const open = openSync(file, 'w');
  writeSync(open, head);
  for (let i = 0; i < BLOCKS; i++) writeSync(open, block);
  closeSync(open);

  const script = path.join(import.meta.dirname, 'readAndCount.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=64', script, format, file], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { rows, peakBytes } = JSON.parse(stdout);
  expect(rows).toBe(BLOCKS * ROWS_A_BLOCK);
  expect(statSync(file).size).toBeGreaterThan(190e6);
  expect(peakBytes).toBeLessThan(190e6);
});
