import fs from 'node:fs';
import path from 'node:path';
import { nearestName, PrecisError } from '../errors.js';
import { homePath, openHome } from '../files/home.js';
import { readProblem, writeProblem } from '../files/problems.js';
import { writeAtomic } from '../files/writeAtomic.js';

/** A file's name on every system, and never one that begins with a dot or leads elsewhere. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** PRECIS_HOME/specs/NAME.json. */
export function savedSpecFile(name: string): string {
  if (!NAME.test(name)) {
    throw new PrecisError('job', {
      found: `the name ${JSON.stringify(name.slice(0, 120))} for a spec`,
      expected: 'up to 100 letters, digits, dots, hyphens and underscores, a letter or a digit first',
    });
  }
  return path.join(homePath(), 'specs', `${name}.json`);
}

/** Takes the place of a spec of that name. */
export function saveSpec(name: string, spec: unknown): string {
  const file = savedSpecFile(name);
  openHome();
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
  } catch (error) {
    throw writeProblem(error, path.dirname(file));
  }
  writeAtomic(file, `${JSON.stringify(spec, null, 2)}\n`);
  return file;
}

/** As it was saved, unchecked. */
export function readSavedSpec(name: string): unknown {
  const file = savedSpecFile(name);
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw noJson(file, error);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw unknownSpec(name);
    throw readProblem(error, file, 'job');
  }
}

export function savedSpecNames(): string[] {
  const folder = path.join(homePath(), 'specs');
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => NAME.test(name))
    .sort();
}

function unknownSpec(name: string): PrecisError {
  const known = savedSpecNames();
  const nearest = nearestName(name, known);
  const some = known.length > 5 ? `${known.slice(0, 5).join(', ')} ...` : known.join(', ');
  return new PrecisError('job', {
    found: `no saved spec ${name}`,
    expected: known.length === 0 ? 'a name under which one was saved, of which there is none yet' : `one of ${some}`,
    action: nearest === null ? undefined : `did you mean ${nearest}?`,
  });
}

function noJson(file: string, cause: SyntaxError): PrecisError {
  return new PrecisError('job', {
    found: `${file} is no JSON`,
    expected: 'a spec as precis saved it',
    action: 'save the spec again',
    cause,
  });
}
