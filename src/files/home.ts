import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { readProblem, writeProblem } from './problems.js';

/** The arrangement of files under PRECIS_HOME. It goes up when an older precis would misread a newer one's files. */
export const HOME_FORMAT = 1;

const FORMAT_FILE = 'format-version';

/** Where everything of precis lies: PRECIS_HOME, or .precis in the user's home folder. */
export function homePath(): string {
  const named = process.env.PRECIS_HOME;
  return named ? path.resolve(named) : path.join(os.homedir(), '.precis');
}

/** Makes the folder if need be and checks that its format is one that this version understands. */
export function openHome(): string {
  const home = homePath();
  const file = path.join(home, FORMAT_FILE);
  try {
    fs.mkdirSync(home, { recursive: true });
    // 'wx': of several processes that start at once, exactly one writes the file.
    fs.writeFileSync(file, `${HOME_FORMAT}\n`, { flag: 'wx' });
    return home;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // On a read-only disk or in a foreign folder, opening for writing fails before existence is looked at.
    if (code !== 'EEXIST' && !fs.existsSync(file)) throw writeProblem(error, home);
  }
  checkFormat(file);
  return home;
}

/** Looks without making anything: why PRECIS_HOME cannot be used, or null. */
export function homeProblem(): string | null {
  const home = homePath();
  const file = path.join(home, FORMAT_FILE);
  try {
    if (fs.existsSync(file)) checkFormat(file);
    let there = home;
    while (!fs.existsSync(there)) there = path.dirname(there);
    if (!fs.statSync(there).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR', path: there });
    fs.accessSync(there, fs.constants.W_OK | fs.constants.X_OK);
    return null;
  } catch (error) {
    return (writeProblem(error, home) as Error).message;
  }
}

function checkFormat(file: string): void {
  const text = readFormat(file).trim();
  // Another process may have made the file and not written it yet.
  if (text === '') return;
  const version = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (version >= 1 && version <= HOME_FORMAT) return;
  throw new PrecisError('cache', {
    found: `${file} says format ${JSON.stringify(text.slice(0, 40))}`,
    expected: `a format up to ${HOME_FORMAT}`,
    action: 'use the newer precis that wrote it or set PRECIS_HOME to another folder',
  });
}

function readFormat(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    // PRECIS_HOME may itself be a file: making a folder of that name says no more than that something is there.
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOTDIR' ? writeProblem(error, file) : readProblem(error, file, 'cache');
  }
}
