import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJournal, readJournal } from '../../src/jobs/journal/journal.js';
import { type Faults, faultVariables, operationsIn, PRELOAD } from './faults.js';

const BUILT = path.join(import.meta.dirname, '../../dist/src/jobs/journal/journal.js');
const PROGRAM = path.join(import.meta.dirname, 'writeJournal.mjs');
// A process for each step, one after the other.
vi.setConfig({ testTimeout: 600_000 });

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-journal-faults-'));
const log = path.join(scratch, 'log');
const STEPS = ['open', 'write', 'fsync', 'rename', 'fsync', 'write', 'fsync', 'write', 'fsync'];
/** The steps that make the journal. */
const MAKING = 5;
let number = 0;
let folder = '';
let file = '';

beforeEach(freshFolder);
afterAll(() => fs.rmSync(scratch, { recursive: true }));

function freshFolder(): void {
  folder = path.join(scratch, String(number++));
  file = path.join(folder, 'journal');
  fs.mkdirSync(folder);
}

/** A process that writes three records: what it said of each, and how it ended. */
function write(faults: Partial<Faults>) {
  const variables = faultVariables({ under: [folder], program: 'writeJournal.mjs', ...faults });
  const { stdout, stderr, signal } = spawnSync(process.execPath, ['--import', PRELOAD, PROGRAM, BUILT, file, '3'], {
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  expect(stderr).toBe('');
  const said = stdout.split('\n').slice(0, -1);
  return { said, signal, acknowledged: said.filter((line) => /^\d+$/.test(line)).map(Number) };
}

function numbersIn(): number[] {
  return fs.existsSync(file) ? readJournal<{ number: number }>(file).map((record) => record.number) : [];
}

/** Opened anew it takes more, whatever happened. */
function expectUsable(): void {
  if (!fs.existsSync(file)) return;
  const { records, journal } = openJournal<{ number: number }>(file);
  journal.append({ number: 99 });
  journal.close();
  expect(numbersIn()).toEqual([...records.map((record) => record.number), 99]);
}

describe('a journal on a disk that fails', () => {
  it('is made and written in these steps', () => {
    expect(write({ log })).toEqual({ said: ['1', '2', '3'], signal: null, acknowledged: [1, 2, 3] });
    expect(operationsIn(log).map(({ kind }) => kind)).toEqual(STEPS);
  });

  it.each(['ENOSPC', 'EIO', 'EACCES'])(
    'once, at each of them with %s, has exactly the records that it said',
    (errno) => {
      const reasons = {
        ENOSPC: 'no space left on the disk of',
        EIO: 'the disk failed while',
        EACCES: 'no permission to write',
      };
      const problem = new RegExp(
        `^\\[journal\\] ${reasons[errno as keyof typeof reasons]} ${file.slice(0, 5)}.*journal`,
      );
      for (let n = 1; n <= STEPS.length; n++) {
        freshFolder();
        const { said, acknowledged } = write({ fail: { n, errno, when: 'half' } });
        const failed = said.filter((line) => !/^\d+$/.test(line));
        expect(failed[0]).toMatch(problem);
        expect(numbersIn()).toEqual(acknowledged);
        if (n <= MAKING) expect(fs.readdirSync(folder)).toEqual([]);
        // What may have been lost on its way to the disk is not trusted by this process again.
        else if (STEPS[n - 1] === 'fsync')
          expect(failed.slice(1).every((line) => line.includes('could not be written before'))).toBe(true);
        else if (n > MAKING) expect(failed).toHaveLength(1);
        expectUsable();
      }
    },
  );

  it('from any of them on has no torn record, and none missing that it said', () => {
    for (let n = 1; n <= STEPS.length; n++) {
      freshFolder();
      const { acknowledged } = write({ fail: { n, errno: 'EIO', forever: true, when: 'half' } });
      const found = numbersIn();
      expect(found.slice(0, acknowledged.length)).toEqual(acknowledged);
      expect(found.length).toBeLessThanOrEqual(acknowledged.length + 1);
      expectUsable();
    }
  });
});

it('a process that is killed at each step of a journal has lost no record that it said', () => {
  for (let n = 1; n <= STEPS.length; n++) {
    for (const when of ['half', 'after'] as const) {
      freshFolder();
      const { acknowledged, signal } = write({ kill: { n, when } });
      expect(signal).toBe('SIGKILL');
      const found = numbersIn();
      expect(found.slice(0, acknowledged.length)).toEqual(acknowledged);
      expect(found.length).toBeLessThanOrEqual(acknowledged.length + 1);
      expectUsable();
    }
  }
});
