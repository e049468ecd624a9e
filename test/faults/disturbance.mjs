import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { appendFileSync } = fs;
/** Some of Node's own functions are made of others that are replaced too: they are one operation. */
const inside = new AsyncLocalStorage();

/** Counts the operations on files below some folders, writes them down, and lets some of them go wrong. */
export class Disturbance {
  #count = 0;

  constructor({ under, log, kinds, fail, kill }) {
    this.folders = under.map((folder) => path.resolve(folder));
    this.log = log;
    this.kinds = kinds;
    this.fail = fail;
    this.kill = kill;
  }

  isWatched(file) {
    return this.folders.some((folder) => file === folder || file.startsWith(folder + path.sep));
  }

  /** Runs the operation, or does to it what is wanted. What it returns may be a promise. */
  perform(operation, run, half) {
    const { kind, path: file, dest } = operation;
    const isCounted = this.isWatched(file) || (dest !== undefined && this.isWatched(dest));
    if (!isCounted || inside.getStore() || (this.kinds && !this.kinds.includes(kind))) return run();
    const end = this.#endOf(operation);
    return inside.run(true, () => {
      if (end === null) return run();
      if (end.when === 'before' || (end.when === 'half' && !half)) return end.now();
      const done = end.when === 'half' ? half() : run();
      return done instanceof Promise ? done.then(() => end.now()) : end.now();
    });
  }

  /** Counts, writes down, and says how the operation is to end; null: as it does. */
  #endOf(operation) {
    const number = ++this.#count;
    const { kind, path: file, dest } = operation;
    if (this.log) appendFileSync(this.log, `${JSON.stringify({ number, kind, path: file, dest })}\n`);
    if (this.kill?.n === number) return { when: this.kill.when ?? 'before', now: killed };
    const { fail } = this;
    if (!fail || (fail.forever ? number < fail.n : number !== fail.n)) return null;
    const error = errorOf(fail.errno, operation);
    return { when: fail.when ?? 'before', now: () => thrown(error) };
  }
}

function killed() {
  process.kill(process.pid, 'SIGKILL');
  // Nothing of this process happens any more.
  for (;;);
}

function thrown(error) {
  throw error;
}

const TEXTS = {
  ENOSPC: 'no space left on device',
  EIO: 'i/o error',
  EACCES: 'permission denied',
  EMFILE: 'too many open files',
  EROFS: 'read-only file system',
  ENOTSUP: 'operation not supported on socket',
};

/** As Node makes it: no file is named where only a handle was given. */
function errorOf(code, { kind, path: file, dest, isHandle }) {
  const syscall = kind === 'copy' ? 'copyfile' : kind;
  const names = isHandle ? '' : ` '${file}'${dest === undefined ? '' : ` -> '${dest}'`}`;
  const error = new Error(`${code}: ${TEXTS[code] ?? 'failed'}, ${syscall}${names}`);
  const paths = isHandle ? {} : dest === undefined ? { path: file } : { path: file, dest };
  return Object.assign(error, { errno: -os.constants.errno[code], code, syscall, ...paths });
}
