import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isAlive } from '../../files/alive.js';
import { removeOnExit } from '../../files/removeOnExit.js';
import { realTarget } from './realTarget.js';

/** Of this process: those of an earlier one with the same number are not among them. */
const ours = new Set<string>();

/** A hidden file beside its target, gone when the process exits unless it was removed before. */
export interface Temporary {
  readonly path: string;
  remove(): void;
}

export function temporaryFor(real: string): Temporary {
  const name = `${prefixOf(real)}${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(real), name);
  const forget = removeOnExit(temporary);
  ours.add(temporary);
  return {
    path: temporary,
    remove() {
      discard(temporary);
      ours.delete(temporary);
      forget();
    },
  };
}

/**
 * Removes what killed processes of this machine left beside a target: half-written files, and second names of published ones. Returns
 * the paths that are gone. Only for a target that nobody else writes at the moment.
 */
export function removeLeftovers(target: string): string[] {
  const real = realTarget(target);
  const folder = path.dirname(real);
  const prefix = prefixOf(real);
  const found = namesIn(folder).filter((name) => {
    const pid = name.startsWith(prefix) && /^(\d+)-[0-9a-f]{8}\.tmp$/.exec(name.slice(prefix.length))?.[1];
    if (!pid) return false;
    return Number(pid) === process.pid ? !ours.has(path.join(folder, name)) : !isAlive(Number(pid));
  });
  return found.map((name) => path.join(folder, name)).filter(discard);
}

function prefixOf(real: string): string {
  return `.${path.basename(real).slice(0, 200)}.precis-`;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file that stays is no failure of the work: it is hidden, and no reader takes it for data. */
function discard(file: string): boolean {
  try {
    fs.rmSync(file, { force: true });
    return true;
  } catch {
    return false;
  }
}
