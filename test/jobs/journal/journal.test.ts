import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createJournal, openJournal, readJournal } from '../../../src/jobs/journal/journal.js';

interface Entry {
  readonly number: number;
  readonly text: string;
}

const BUILT = path.join(import.meta.dirname, '../../../dist/src/jobs/journal/journal.js');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-journal-'));
const RECORDS = [1, 2, 3, 4].map((number) => ({ number, text: ['', 'ä\n"', '\u2028 \ud800', '{"1":2}'][number - 1] }));
let number = 0;
let folder = '';
let file = '';

beforeEach(() => {
  folder = path.join(scratch, String(number++));
  fs.mkdirSync(folder);
  file = path.join(folder, 'journal');
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

/** A journal of RECORDS; its bytes. */
function written(): Buffer {
  const journal = createJournal<Entry>(file, RECORDS[0]);
  for (const record of RECORDS.slice(1)) journal.append(record);
  expect(journal.length).toBe(4);
  journal.close();
  return fs.readFileSync(file);
}

function line(number: number, json: string): string {
  const rest = `${number} ${json}`;
  return `${crc32(rest).toString(16).padStart(8, '0')} ${rest}\n`;
}

describe('a journal', () => {
  it('gives back what was appended, before and after it is opened again', () => {
    written();
    expect(readJournal(file)).toEqual(RECORDS);
    const { records, journal, droppedBytes } = openJournal<Entry>(file);
    expect({ records, droppedBytes, length: journal.length }).toEqual({ records: RECORDS, droppedBytes: 0, length: 4 });
    journal.append({ number: 5, text: 'more' });
    expect(readJournal(file)).toEqual([...RECORDS, { number: 5, text: 'more' }]);
    journal.close();
    expect(fs.readdirSync(folder)).toEqual(['journal']);
  });

  it('is text that other programs can check', () => {
    written();
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    lines.forEach((text, i) => {
      expect(`${text}\n`).toBe(line(i + 1, JSON.stringify(RECORDS[i])));
    });
  });

  it('is not made where one is, nor read where none is', () => {
    written();
    expect(() => createJournal(file, RECORDS[0])).toThrow(`[journal] ${file} is there already`);
    expect(readJournal(file)).toEqual(RECORDS);
    const missing = path.join(folder, 'missing');
    for (const open of [readJournal, openJournal]) {
      expect(() => open(missing)).toThrow(`[journal] ${missing} is not there, expected the journal of a job`);
    }
    expect(fs.readdirSync(folder)).toEqual(['journal']);
  });

  it('is closed once and for all', () => {
    const journal = createJournal<Entry>(file, RECORDS[0]);
    journal.close();
    journal.close();
    expect(() => journal.append(RECORDS[1])).toThrow(`[journal] ${file} was closed`);
  });
});

describe('a journal that was cut', () => {
  it('at any byte has a prefix of its records, and goes on from there', () => {
    const bytes = written();
    const ends = [...bytes.keys()].filter((i) => bytes[i] === 10).map((i) => i + 1);
    for (let length = 0; length <= bytes.length; length++) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length;
      expect(readJournal(file)).toEqual(RECORDS.slice(0, whole));
      expect(fs.statSync(file).size).toBe(length);
      const { records, journal, droppedBytes } = openJournal<Entry>(file);
      expect(records).toEqual(RECORDS.slice(0, whole));
      expect(droppedBytes).toBe(length - (ends[whole - 1] ?? 0));
      for (const record of RECORDS.slice(whole)) journal.append(record);
      journal.close();
      expect(fs.readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  it('and filled with zeros, as a power cut leaves it', () => {
    const bytes = written();
    const torn = Buffer.alloc(bytes.length);
    bytes.copy(torn, 0, 0, bytes.length - 10);
    fs.writeFileSync(file, torn);
    expect(readJournal(file)).toEqual(RECORDS.slice(0, 3));
    fs.writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(4096)]));
    const { records, journal } = openJournal<Entry>(file);
    journal.close();
    expect(records).toEqual(RECORDS);
    expect(fs.readFileSync(file).equals(bytes)).toBe(true);
  });
});

describe('a damaged journal', () => {
  it('says the line, or is a prefix without its last record: whatever byte was flipped', () => {
    const bytes = written();
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2);
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 0x80]) {
        const flipped = Buffer.from(bytes);
        flipped[at] ^= bit;
        fs.writeFileSync(file, flipped);
        // Without the line end before it, the last line cannot be told from one that was not written whole.
        if (at >= lastLine) {
          expect(readJournal(file)).toEqual(RECORDS.slice(0, at === lastLine ? 2 : 3));
          continue;
        }
        const lines = bytes.subarray(0, at).filter((byte) => byte === 10).length;
        expect(() => readJournal(file)).toThrow(`[journal] ${file} line ${lines + 1} is not as it was written`);
        expect(() => openJournal(file)).toThrow(`[journal] ${file} line ${lines + 1} is not as it was written`);
        expect(fs.readFileSync(file).equals(flipped)).toBe(true);
      }
    }
  });

  it('misses a line, or has one twice', () => {
    const bytes = written();
    const lines = bytes.toString('latin1').split(/(?<=\n)/);
    const write = (...order: number[]) => fs.writeFileSync(file, order.map((i) => lines[i]).join(''), 'latin1');
    write(0, 2, 3);
    expect(() => readJournal(file)).toThrow(
      `[journal] ${file} line 2 has the number 3: lines are missing or were moved`,
    );
    write(0, 1, 1);
    expect(() => readJournal(file)).toThrow(
      `[journal] ${file} line 3 has the number 2: lines are missing or were moved`,
    );
    write(1);
    expect(() => readJournal(file)).toThrow(`[journal] ${file} line 1 has the number 2`);
  });

  it.each(['[1]', 'null', '"text"', '{', ''])('takes %s with a right checksum for no record', (json) => {
    fs.writeFileSync(file, line(1, '{}') + line(2, json) + line(3, '{}'));
    expect(() => readJournal(file)).toThrow(`[journal] ${file} line 2 is not as it was written`);
  });
});

describe('a process that appends', () => {
  it('and is killed at any moment has lost no record that it was told is there', async () => {
    let known = 0;
    for (let round = 0; round < 8; round++) {
      const program = path.join(import.meta.dirname, 'appender.mjs');
      const child = spawn(process.execPath, [program, BUILT, file], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close');
      // A seeded number of appends; how far the next one came is up to the machine.
      const until = known + 1 + ((round * 37) % 23);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (Number(said.trimEnd().split('\n').at(-1)) >= until) child.kill('SIGKILL');
      });
      expect(await ended).toEqual([null, 'SIGKILL']);
      const records = readJournal<Entry>(file);
      known = Number(said.trimEnd().split('\n').at(-1));
      expect(records.length).toBeGreaterThanOrEqual(known);
      expect(records.length).toBeLessThanOrEqual(known + 1);
      records.forEach(({ number, text }, i) => {
        expect(number).toBe(i + 1);
        expect(text).toBe(number === 1 ? '' : 'ä\n'.repeat((number * 7919) % 3000));
      });
      known = records.length;
    }
  });

  it('does not write over what another process has written', () => {
    const journal = createJournal<Entry>(file, RECORDS[0]);
    const { journal: other } = openJournal<Entry>(file);
    other.append(RECORDS[1]);
    other.close();
    for (const _ of [1, 2])
      expect(() => journal.append({ number: 9, text: '' })).toThrow(/^\[journal\] .*journal (has \d+ bytes|could not)/);
    journal.close();
    expect(readJournal(file)).toEqual(RECORDS.slice(0, 2));
  });

  it('notices that its journal was removed', () => {
    const journal = createJournal<Entry>(file, RECORDS[0]);
    fs.rmSync(file);
    expect(() => journal.append(RECORDS[1])).toThrow(`[journal] ${file} was removed`);
    journal.close();
  });

  it('onto a full disk says so, keeps what was there, and goes on when there is room', (test) => {
    const disk = path.join(folder, 'disk');
    fs.mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      console.log('skipped: this user may not mount a file system');
      return test.skip();
    }
    onTestFinished(() => void execFileSync('umount', [disk]));
    const there = path.join(disk, 'journal');
    const other = path.join(disk, 'other');
    fs.writeFileSync(other, Buffer.alloc(40_000));
    const journal = createJournal<Entry>(there, RECORDS[0]);
    const append = () => journal.append({ number: journal.length + 1, text: 'x'.repeat(3000) });
    const fill = () => {
      for (;;) append();
    };
    const FULL = `[journal] no space left on the disk of ${there}, expected room for the files to write; free some space`;
    expect(fill).toThrow(FULL);
    expect(append).toThrow(FULL);
    const { length } = journal;
    expect(length).toBeGreaterThan(2);
    expect(readJournal(there)).toHaveLength(length);
    fs.rmSync(other);
    append();
    journal.close();
    expect(readJournal<Entry>(there).map(({ number }) => number)).toEqual(
      Array.from({ length: length + 1 }, (_, i) => i + 1),
    );
    expect(fs.readdirSync(disk)).toEqual(['journal']);
  });
});
