import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from './alive.js';
import { writeProblem } from './problems.js';
import { removeOnExit } from './removeOnExit.js';
import { syncToDisk } from './sync.js';

/** .making-HOST-PID-RANDOM-NAME: tells later processes whether its maker is still at work. */
const TEMPORARY = /^\.making-(.+)-(\d+)-[0-9a-f]{12}-/;

/**
 * Makes a folder that is either complete or not there: `fill` writes into a temporary folder beside it, which is renamed
 * when all its bytes are on the disk. Returns false if the folder was there already, also if another
 * process finished it first.
 */
export async function makeDirectory(
  target: string,
  fill: (temporary: string) => void | Promise<void>,
): Promise<boolean> {
  if (fs.existsSync(target)) return false;
  const parent = path.dirname(target);
  const suffix = `${process.pid}-${randomBytes(6).toString('hex')}-${path.basename(target)}`;
  const temporary = path.join(parent, `.making-${hostName()}-${suffix}`);
  let keep = () => {};
  try {
    fs.mkdirSync(parent, { recursive: true });
    removeAbandoned(parent);
    keep = removeOnExit(temporary);
    fs.mkdirSync(temporary);
    await fill(temporary);
    syncAll(temporary);
    return publish(temporary, target);
  } catch (error) {
    throw writeProblem(error, temporary);
  } finally {
    discard(temporary);
    keep();
  }
}

function publish(temporary: string, target: string): boolean {
  try {
    fs.renameSync(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const lostTheRace = (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') && fs.existsSync(target);
    if (lostTheRace) return false;
    throw error;
  }
  syncToDisk(path.dirname(target));
  return true;
}

/** Removes the temporary folders of processes of this machine that are no more. */
function removeAbandoned(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const [, host, pid] = TEMPORARY.exec(name) ?? [];
    if (host !== hostName() || isAlive(Number(pid))) continue;
    discard(path.join(parent, name));
  }
}

/** Another process may be removing the same folder, or its disk may be gone: neither is a failure of the work. */
function discard(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {}
}

function hostName(): string {
  return os.hostname().replace(/[^A-Za-z0-9.]/g, '_');
}

function syncAll(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) syncAll(full);
    else syncToDisk(full);
  }
  syncToDisk(folder);
}
