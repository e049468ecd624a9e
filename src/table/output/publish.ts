import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { removeOnExit } from '../../files/removeOnExit.js';
import { syncNames } from '../../files/sync.js';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import { outputProblem } from './outputProblem.js';
import { statIfThere } from './statIfThere.js';

/**
 * A sink that writes into a hidden file beside its target and puts it in the target's place when it is complete: readers see the
 * old file or the new one, and an abort, an exit or a Ctrl-C leaves neither half. Only a killed process leaves `.NAME.precis-*.tmp`
 * behind, which is never read as input and may be deleted.
 */
export async function publishing(
  target: string,
  options: Pick<WriteOptions, 'mode'>,
  make: (temporary: string) => Promise<Sink>,
): Promise<Sink> {
  const place = findPlace(target, options.mode ?? 'error');
  const name = `.${path.basename(place.real).slice(0, 200)}.precis-${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(place.real), name);
  const keep = removeOnExit(temporary);
  try {
    return new PublishingSink(target, place, temporary, keep, await make(temporary));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    keep();
    throw outputProblem(error, target);
  }
}

interface Place {
  /** Where a link leads to: it is the file that is replaced, not the link. */
  readonly real: string;
  readonly replaces: boolean;
  /** Of the file that is replaced. */
  readonly mode?: number;
}

function findPlace(target: string, mode: string): Place {
  const real = realTarget(target);
  const folder = path.dirname(real);
  if (!statIfThere(folder)?.isDirectory()) {
    throw new PrecisError('output', {
      found: `the folder ${folder} of ${target} is not there`,
      expected: 'a folder to write into',
      action: `make it first: mkdir -p ${folder}`,
    });
  }
  const found = statIfThere(real);
  if (!found) return { real, replaces: false };
  if (!found.isFile()) {
    throw new PrecisError('output', {
      found: `${target} is ${found.isDirectory() ? 'a folder' : 'no regular file'}`,
      expected: 'the name of a file',
    });
  }
  if (mode === 'error') throw alreadyThere(target);
  return { real, replaces: true, mode: found.mode & 0o7777 };
}

export function alreadyThere(target: string, cause?: unknown): PrecisError {
  return new PrecisError('output', {
    found: `${target} is there already`,
    expected: 'a new name',
    action: 'overwrite it or append to it (--overwrite, --append), or choose another name',
    cause,
  });
}

/** Links are followed to what they name, also to a file that is not there yet. */
export function realTarget(target: string): string {
  let real = path.resolve(target);
  for (let links = 0; links < 40; links++) {
    const found = statIfThere(real, 'lstat');
    if (!found?.isSymbolicLink()) break;
    real = path.resolve(path.dirname(real), fs.readlinkSync(real));
  }
  const folder = path.dirname(real);
  return fs.existsSync(folder) ? path.join(fs.realpathSync(folder), path.basename(real)) : real;
}

class PublishingSink implements Sink {
  constructor(
    private readonly target: string,
    private readonly place: Place,
    private readonly temporary: string,
    private readonly keep: () => void,
    private readonly inner: Sink,
  ) {}

  async write(batch: RecordBatch): Promise<void> {
    try {
      await this.inner.write(batch);
    } catch (error) {
      throw outputProblem(error, this.target);
    }
  }

  async publish(): Promise<WriteResult> {
    try {
      const { rows } = await this.inner.publish();
      if (this.place.mode !== undefined) fs.chmodSync(this.temporary, this.place.mode);
      this.moveIntoPlace();
      return { target: this.target, rows };
    } catch (error) {
      // Whatever it still holds open; the error that matters is the first.
      await this.inner.abort().catch(() => {});
      throw outputProblem(error, this.target);
    } finally {
      this.cleanUp();
    }
  }

  async abort(): Promise<void> {
    try {
      await this.inner.abort();
    } finally {
      this.cleanUp();
    }
  }

  private moveIntoPlace(): void {
    const { real, replaces } = this.place;
    if (replaces || !this.linkIntoPlace()) fs.renameSync(this.temporary, real);
    syncNames(path.dirname(real));
  }

  /** Unlike a rename, a link fails if somebody else has made the target meanwhile. Not all file systems have links. */
  private linkIntoPlace(): boolean {
    try {
      fs.linkSync(this.temporary, this.place.real);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(this.target, error);
      return false;
    }
  }

  private cleanUp(): void {
    fs.rmSync(this.temporary, { force: true });
    this.keep();
  }
}
