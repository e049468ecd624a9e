import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { readProblem, writeProblem } from '../../files/problems.js';
import { removeQuietly } from '../../files/removeQuietly.js';
import { syncToDisk } from '../../files/sync.js';
import { encodeLine, readLines } from './lines.js';

/** An append-only file of records. Whoever writes to it holds the job's lock. */
export interface Journal<T extends object> {
  readonly file: string;
  /** Records in it. */
  readonly length: number;
  /**
   * On the disk when it returns. If it throws, the record is not in the file, and the next append may work when the cause is gone; only after a
   * failure that leaves the file uncertain does every further append throw, and the journal has to be opened anew.
   */
  append(record: T): void;
  close(): void;
}

export interface OpenedJournal<T extends object> {
  readonly records: T[];
  readonly journal: Journal<T>;
  /** Bytes of a last record that was not written whole, and is cut off. */
  readonly droppedBytes: number;
}

/** Makes a journal with its first record: both are there, or neither. */
export function createJournal<T extends object>(file: string, first: T): Journal<T> {
  const temporary = `${file}.new`;
  if (fs.existsSync(file))
    throw new PrecisError('journal', { found: `${file} is there already`, expected: 'a new job' });
  const line = encodeLine(1, first);
  let handle: number | undefined;
  try {
    handle = fs.openSync(temporary, 'w');
    writeLine(handle, line, 0);
    fs.fsyncSync(handle);
    fs.renameSync(temporary, file);
    syncToDisk(path.dirname(file));
    return new OpenJournal<T>(file, handle, 1, line.length);
  } catch (error) {
    if (handle !== undefined) fs.closeSync(handle);
    for (const made of [temporary, file]) removeQuietly(made);
    throw writeProblem(error, file, 'journal');
  }
}

/** Opens it to go on writing: a last record that was not written whole is cut off. */
export function openJournal<T extends object>(file: string): OpenedJournal<T> {
  const { records, goodBytes, bytes } = readFile<T>(file);
  let handle: number | undefined;
  try {
    handle = fs.openSync(file, 'r+');
    if (goodBytes < bytes) {
      fs.ftruncateSync(handle, goodBytes);
      fs.fsyncSync(handle);
    }
    return {
      records,
      journal: new OpenJournal<T>(file, handle, records.length, goodBytes),
      droppedBytes: bytes - goodBytes,
    };
  } catch (error) {
    if (handle !== undefined) fs.closeSync(handle);
    throw writeProblem(error, file, 'journal');
  }
}

/** The records so far, also while another process appends. Writes nothing. */
export function readJournal<T extends object>(file: string): T[] {
  return readFile<T>(file).records;
}

function readFile<T extends object>(file: string) {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw readProblem(error, file, 'journal');
    throw new PrecisError('journal', { found: `${file} is not there`, expected: 'the journal of a job', cause: error });
  }
  return { ...readLines<T>(bytes, file), bytes: bytes.length };
}

function writeLine(handle: number, line: Buffer, at: number): void {
  const written = fs.writeSync(handle, line, 0, line.length, at);
  // The disk took what it had room for.
  if (written < line.length) throw Object.assign(new Error('a short write'), { code: 'ENOSPC' });
}

class OpenJournal<T extends object> implements Journal<T> {
  private isUncertain = false;

  constructor(
    readonly file: string,
    private handle: number | null,
    private records: number,
    private bytes: number,
  ) {}

  get length(): number {
    return this.records;
  }

  append(record: T): void {
    const handle = this.usableHandle();
    const line = encodeLine(this.records + 1, record);
    this.checkUnchanged(handle);
    try {
      // At a place of our own: after a failure nothing is ever written behind half a line.
      writeLine(handle, line, this.bytes);
    } catch (error) {
      this.takeBack(handle);
      throw writeProblem(error, this.file, 'journal');
    }
    try {
      fs.fsyncSync(handle);
    } catch (error) {
      // The system may have dropped the bytes and would tell a second fsync that all is well.
      this.isUncertain = true;
      this.takeBack(handle);
      throw writeProblem(error, this.file, 'journal');
    }
    this.records++;
    this.bytes += line.length;
  }

  close(): void {
    if (this.handle !== null) fs.closeSync(this.handle);
    this.handle = null;
  }

  private usableHandle(): number {
    if (this.handle !== null && !this.isUncertain) return this.handle;
    throw new PrecisError('journal', {
      found: `${this.file} ${this.handle === null ? 'was closed' : 'could not be written before'}`,
      expected: 'a journal that is open and whole',
      action: 'resume the job when the disk works',
    });
  }

  /** The lock keeps other processes away unless somebody removed it: then theirs are the records that count. */
  private checkUnchanged(handle: number): void {
    const { size, nlink } = fs.fstatSync(handle);
    if (size === this.bytes && nlink > 0) return;
    this.isUncertain = true;
    throw new PrecisError('journal', {
      found: nlink === 0 ? `${this.file} was removed` : `${this.file} has ${size} bytes`,
      expected: `the ${this.bytes} bytes that this process knows`,
      action: 'let one process work on a job, and resume it',
    });
  }

  private takeBack(handle: number): void {
    try {
      fs.ftruncateSync(handle, this.bytes);
    } catch {
      this.isUncertain = true;
    }
  }
}
