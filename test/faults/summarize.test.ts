import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTable } from '../../src/table/open.js';
import { withoutProgress } from '../cli/precis.js';
import { type Faults, listed, type Operation, runDisturbed } from './faults.js';

// A process for each step, one after the other.
vi.setConfig({ testTimeout: 600_000 });

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-summarize-faults-'));
const home = path.join(scratch, 'home');
const input = path.join(scratch, 'in.csv');
const log = path.join(scratch, 'log');
const TEXTS = ['One is short.', 'Two, with a comma.', 'Three.'];
let number = 0;
let folder = '';
let out = '';

beforeAll(() => {
  fs.mkdirSync(home);
  fs.writeFileSync(input, `id,body\n${TEXTS.map((text, i) => `${i},"${text}"\n`).join('')}`);
});
beforeEach(freshFolder);
afterAll(() => fs.rmSync(scratch, { recursive: true }));

function freshFolder(): void {
  folder = path.join(scratch, String(number++));
  out = path.join(folder, 'out.parquet');
  fs.mkdirSync(folder);
}

function summarize(faults: Partial<Faults>) {
  const args = ['summarize', input, '--text', 'body', '--out', out, '--model', 'builtin:echo', '--workers', '1'];
  return runDisturbed(
    [...args, '--isolation', 'thread'],
    { under: [folder, home], log, ...faults },
    { PRECIS_HOME: home },
  );
}

async function expectComplete(): Promise<void> {
  const rows = await (await readTable(out)).collect();
  expect(rows.map((row) => row.generated_summary)).toEqual(TEXTS);
}

/** `.out.parquet.precis-*.tmp` */
function leftovers(): string[] {
  return fs.readdirSync(folder).filter((name) => name !== 'out.parquet');
}

function undisturbed(): readonly Operation[] {
  freshFolder();
  const { status, operations } = summarize({});
  expect(status).toBe(0);
  return operations;
}

describe('precis summarize on a disk that fails', () => {
  it('makes its output in these steps', async () => {
    expect(listed(undisturbed(), folder)).toEqual([
      'open .out.parquet.precis-*.tmp',
      'write .out.parquet.precis-*.tmp',
      'fsync .out.parquet.precis-*.tmp',
      'link .out.parquet.precis-*.tmp -> out.parquet',
      'fsync .',
      'unlink .out.parquet.precis-*.tmp',
    ]);
    expect(leftovers()).toEqual([]);
    await expectComplete();
  });

  it('says that the disk is full, at whatever step, and leaves no part of an output', async () => {
    const steps = undisturbed();
    for (const { number: n, kind, path: file } of steps) {
      freshFolder();
      const { status, stdout, stderr, operations } = summarize({ fail: { n, errno: 'ENOSPC', when: 'half' } });
      expect(operations.length).toBeGreaterThanOrEqual(n);
      // Without a link a rename does; that the name is on the disk and that the other is gone are no conditions of success.
      const mayGoOn = kind === 'link' || kind === 'unlink' || (kind === 'fsync' && !file.endsWith('.tmp'));
      if (mayGoOn) {
        expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
        expect(leftovers()).toHaveLength(kind === 'unlink' ? 1 : 0);
        await expectComplete();
      } else {
        const problem = `precis: [output] no space left on the disk of ${out}, expected a file that can be written; free some space or write to another disk\n`;
        expect({ status, stdout, stderr: withoutProgress(stderr) }).toEqual({ status: 1, stdout: '', stderr: problem });
        expect(fs.readdirSync(folder)).toEqual([]);
      }
    }
  });

  it('killed at any step leaves a complete output or none', async () => {
    const steps = undisturbed();
    for (const { number: n } of steps) {
      freshFolder();
      expect(summarize({ kill: { n, when: 'half' } }).signal).toBe('SIGKILL');
      expect(leftovers().length).toBeLessThanOrEqual(1);
      if (fs.existsSync(out)) await expectComplete();
      // The output is there as soon as it was linked, the fourth step, and not before.
      expect(fs.existsSync(out)).toBe(n > 4);
    }
  });
});
