import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { readProblem, writeProblem } from './problems.js';

const FORMAT_FILE = 'format-version';

/** Makes the folder if need be and checks that the arrangement of its files is one that this version understands: `format`, or one before it. */
export function openFormatFolder(folder: string, format: number): void {
  const file = path.join(folder, FORMAT_FILE);
  try {
    fs.mkdirSync(folder, { recursive: true });
    // 'wx': of several processes that start at once, exactly one writes the file.
    fs.writeFileSync(file, `${format}\n`, { flag: 'wx' });
    return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // On a read-only disk or in a foreign folder, opening for writing fails before existence is looked at.
    if (code !== 'EEXIST' && !fs.existsSync(file)) throw writeProblem(error, folder);
  }
  checkFormat(folder, format);
}

/** Throws if the folder says a format that is not understood; one that is not there says none. */
export function checkFormat(folder: string, format: number): void {
  const file = path.join(folder, FORMAT_FILE);
  const text = readFormat(file).trim();
  // Another process may have made the file and not written it yet.
  if (text === '') return;
  const version = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (version >= 1 && version <= format) return;
  throw new PrecisError('cache', {
    found: `${file} says format ${JSON.stringify(text.slice(0, 40))}`,
    expected: `a format up to ${format}`,
    action: 'use the newer precis that wrote it or set PRECIS_HOME to another folder',
  });
}

function readFormat(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    // PRECIS_HOME may itself be a file: making a folder of that name says no more than that something is there.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw code === 'ENOTDIR' ? writeProblem(error, file) : readProblem(error, file, 'cache');
  }
}
