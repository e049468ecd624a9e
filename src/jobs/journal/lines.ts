import { crc32 } from 'node:zlib';
import { PrecisError } from '../../errors.js';

// A journal's line: the CRC-32 of what follows, the line's number from 1, the record as JSON.
//   4f1c09aa 1 {"kind":"planned"}

const LINE = /^([0-9a-f]{8}) ((\d+) (.*))$/s;
const LINE_END = 10;

export interface ReadLines<T> {
  readonly records: T[];
  /** Of the lines that are good: what follows was not written whole. */
  readonly goodBytes: number;
}

export function encodeLine(number: number, record: object): Buffer {
  const text = `${number} ${JSON.stringify(record)}`;
  return Buffer.from(`${checksum(Buffer.from(text))} ${text}\n`);
}

/**
 * The records of a journal's bytes. Every line but the last was on the disk before the next was begun, so only the last may be torn: it is
 * left out. Any other line that is not as it was written is damage, and what it said is lost.
 */
export function readLines<T extends object>(bytes: Buffer, file: string): ReadLines<T> {
  const records: T[] = [];
  let begin = 0;
  while (begin < bytes.length) {
    const end = bytes.indexOf(LINE_END, begin);
    const line = end < 0 ? null : decodeLine(bytes.subarray(begin, end));
    if (line === null) {
      if (end < 0 || end === bytes.length - 1) break;
      throw damaged(file, records.length + 1, 'is not as it was written: its checksum is another');
    }
    if (line.number !== records.length + 1) {
      throw damaged(file, records.length + 1, `has the number ${line.number}: lines are missing or were moved`);
    }
    records.push(line.record as T);
    begin = end + 1;
  }
  return { records, goodBytes: begin };
}

function decodeLine(bytes: Buffer): { number: number; record: object } | null {
  const [, sum, rest, number, json] = LINE.exec(bytes.toString('latin1')) ?? [];
  if (sum === undefined || sum !== checksum(Buffer.from(rest, 'latin1'))) return null;
  const record = parse(Buffer.from(json, 'latin1').toString('utf8'));
  return record === null ? null : { number: Number(number), record };
}

function parse(json: string): object | null {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}

function damaged(file: string, line: number, what: string): PrecisError {
  return new PrecisError('journal', {
    found: `${file} line ${line} ${what}`,
    expected: 'a journal that only precis writes',
    action: 'restore the file from a copy, or run the job anew',
  });
}
