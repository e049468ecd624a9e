import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkFormat, openFormatFolder } from './formatVersion.js';
import { writeProblem } from './problems.js';

/** The arrangement of files under PRECIS_HOME. It goes up when an older precis would misread a newer one's files. */
export const HOME_FORMAT = 1;

/** Where everything of precis lies: PRECIS_HOME, or .precis in the user's home folder. */
export function homePath(): string {
  const named = process.env.PRECIS_HOME;
  return named ? path.resolve(named) : path.join(os.homedir(), '.precis');
}

/** Makes the folder if need be and checks that its format is one that this version understands. */
export function openHome(): string {
  const home = homePath();
  openFormatFolder(home, HOME_FORMAT);
  return home;
}

/** Looks without making anything: why PRECIS_HOME cannot be used, or null. */
export function homeProblem(): string | null {
  const home = homePath();
  try {
    checkFormat(home, HOME_FORMAT);
    let there = home;
    while (!fs.existsSync(there)) there = path.dirname(there);
    if (!fs.statSync(there).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR', path: there });
    fs.accessSync(there, fs.constants.W_OK | fs.constants.X_OK);
    return null;
  } catch (error) {
    return (writeProblem(error, home) as Error).message;
  }
}
