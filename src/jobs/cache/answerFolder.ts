import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { homePath } from '../../files/home.js';
import { syncNames } from '../../files/sync.js';
import { EXTENSION } from './answerFile.js';

/** .writing-HOST-PID-RANDOM */
const TEMPORARY = /^\.writing-(.+)-(\d+)-[0-9a-f]{12}$/;
const DAY = 86_400_000;
const DEFAULT_BYTES = 2 * 1024 ** 3;

/** Where the answers of all jobs are kept: a folder a namespace. */
export function answerCacheRoot(): string {
  return path.join(homePath(), 'cache', 'answers');
}

/** How much they may take, all namespaces together. */
export function answerCacheBytes(): number {
  const text = process.env.PRECIS_ANSWER_CACHE_BYTES;
  if (text === undefined || text === '') return DEFAULT_BYTES;
  const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new PrecisError('usage', {
    found: `PRECIS_ANSWER_CACHE_BYTES is ${JSON.stringify(text)}`,
    expected: 'a whole number of bytes of at least 1',
  });
}

export interface AnswerFile {
  readonly path: string;
  readonly folder: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** All files of answers, the oldest first. What other processes remove meanwhile is not there. */
export function answerFiles(root: string): AnswerFile[] {
  return namesIn(root)
    .flatMap((name) => filesOf(path.join(root, name)))
    .sort(byAge);
}

/** Those of one namespace. */
export function filesOf(folder: string): AnswerFile[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .flatMap((name) => {
      const full = path.join(folder, name);
      const found = fs.statSync(full, { throwIfNoEntry: false });
      return found ? [{ path: full, folder, bytes: found.size, modified: found.mtime }] : [];
    })
    .sort(byAge);
}

function byAge(a: AnswerFile, b: AnswerFile): number {
  return a.modified.getTime() - b.modified.getTime() || (a.path < b.path ? -1 : 1);
}

/** A complete file or none: written beside its name, synced, renamed. Returns its path. */
export function publishFile(folder: string, bytes: Uint8Array): string {
  const random = randomBytes(6).toString('hex');
  // Files of one process sort by their time also where the file system's clock is coarse.
  const time = Date.now().toString(36).padStart(9, '0');
  const sequence = (published++).toString(36).padStart(6, '0');
  const target = path.join(folder, `${time}-${sequence}-${random}${EXTENSION}`);
  const temporary = path.join(folder, `.writing-${hostName()}-${process.pid}-${random}`);
  for (let attempt = 1; ; attempt++) {
    try {
      fs.mkdirSync(folder, { recursive: true });
      writeSynced(temporary, bytes);
      fs.renameSync(temporary, target);
      break;
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      // `precis cache clear` removes folders that are empty, this one too.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 3) throw error;
    }
  }
  syncNames(folder);
  return target;
}

let published = 0;

function writeSynced(file: string, bytes: Uint8Array): void {
  const handle = fs.openSync(file, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) done += fs.writeSync(handle, bytes, done);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Removes the oldest files until the rest is no more than so many bytes. Several processes may do it at once: they remove the same. */
export function trim(root: string, mostBytes: number): void {
  const files = answerFiles(root);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= mostBytes) return;
    remove(file.path);
    bytes -= file.bytes;
  }
}

/** What writers left that are no more: of this machine at once, of others after a day. */
export function removeAbandoned(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, host, pid] = TEMPORARY.exec(name) ?? [];
    if (host === undefined) continue;
    const full = path.join(folder, name);
    const age = Date.now() - (fs.statSync(full, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > DAY || (host === hostName() && !isAlive(Number(pid)))) remove(full);
  }
}

/** A cache that cannot be changed is still one. */
export function remove(file: string): boolean {
  try {
    fs.unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function hostName(): string {
  return os.hostname().replace(/[^A-Za-z0-9.]/g, '_');
}
