import fs from 'node:fs';
import path from 'node:path';
import { nearestName, PrecisError } from '../../errors.js';
import { homePath, openHome } from '../../files/home.js';
import { writeProblem } from '../../files/problems.js';
import { writeAtomic } from '../../files/writeAtomic.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Jobs saved by name: PRECIS_HOME/specs/NAME.json, each as its user wrote it. */
function specsFolder(): string {
  return path.join(homePath(), 'specs');
}

/** Such a name has no dot: it cannot be taken for a file. */
export function isSavedName(location: string): boolean {
  return NAME.test(location);
}

export function savedFile(name: string): string {
  if (isSavedName(name)) return path.join(specsFolder(), `${name}.json`);
  throw new PrecisError('usage', {
    found: `the name ${JSON.stringify(name.slice(0, 120))} for a saved job`,
    expected: 'letters, digits, - and _',
  });
}

/** The names of all saved jobs, sorted. */
export function listSpecs(): string[] {
  if (!fs.existsSync(specsFolder())) return [];
  return fs
    .readdirSync(specsFolder())
    .filter((file) => file.endsWith('.json') && isSavedName(file.slice(0, -5)))
    .map((file) => file.slice(0, -5))
    .sort();
}

/** The file of a job that has to be saved. */
export function requireSaved(name: string): string {
  if (isSavedName(name) && fs.existsSync(savedFile(name))) return savedFile(name);
  const names = listSpecs();
  const nearest = nearestName(name, names);
  throw new PrecisError('usage', {
    found: `there is no file and no saved job ${JSON.stringify(name)}`,
    expected: names.length > 0 ? `a file, or one of ${names.join(', ')}` : 'a file: no job is saved',
    action: nearest === null ? undefined : `did you mean ${nearest}?`,
  });
}

export function writeSaved(name: string, form: unknown): string {
  const file = savedFile(name);
  try {
    openHome();
    fs.mkdirSync(specsFolder(), { recursive: true });
  } catch (error) {
    throw writeProblem(error, file);
  }
  writeAtomic(file, `${JSON.stringify(form, null, 2)}\n`);
  return file;
}

export function removeSpec(name: string): void {
  const file = requireSaved(name);
  try {
    fs.rmSync(file);
  } catch (error) {
    throw writeProblem(error, file);
  }
}
