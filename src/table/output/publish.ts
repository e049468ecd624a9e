import fs from 'node:fs';
import path from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { syncNames } from '../../files/sync.js';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import { identityOf } from './identity.js';
import { outputProblem } from './outputProblem.js';
import { realTarget } from './realTarget.js';
import { statIfThere } from './statIfThere.js';
import { type Temporary, temporaryFor } from './temporary.js';

/**
 * A sink that writes into a hidden file beside its target and puts it in the target's place when it is complete: readers see the
 * old file or the new one, and an abort, an exit or a Ctrl-C leaves neither half. Only a killed process leaves `.NAME.precis-*.tmp`
 * behind, which is never read as input and may be deleted.
 */
export async function publishing(
  target: string,
  { mode = 'error', onReady }: Pick<WriteOptions, 'mode' | 'onReady'>,
  make: (temporary: string) => Promise<Sink>,
): Promise<Sink> {
  const place = findPlace(target, mode);
  const temporary = temporaryFor(place.real);
  try {
    return new PublishingSink(target, place, temporary, await make(temporary.path), onReady);
  } catch (error) {
    temporary.remove();
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

class PublishingSink implements Sink {
  constructor(
    private readonly target: string,
    private readonly place: Place,
    private readonly temporary: Temporary,
    private readonly inner: Sink,
    private readonly onReady: WriteOptions['onReady'],
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
      const rows = await this.complete();
      // What this throws is not a problem of the target.
      await this.onReady?.(identityOf(this.temporary.path));
      this.moveIntoPlace();
      return { target: this.target, rows };
    } catch (error) {
      // Whatever it still holds open; the error that matters is the first.
      await this.inner.abort().catch(() => {});
      throw error;
    } finally {
      this.temporary.remove();
    }
  }

  async abort(): Promise<void> {
    try {
      await this.inner.abort();
    } finally {
      this.temporary.remove();
    }
  }

  private async complete(): Promise<number> {
    try {
      const { rows } = await this.inner.publish();
      if (this.place.mode !== undefined) fs.chmodSync(this.temporary.path, this.place.mode);
      return rows;
    } catch (error) {
      throw outputProblem(error, this.target);
    }
  }

  private moveIntoPlace(): void {
    const { real, replaces } = this.place;
    try {
      if (replaces || !this.linkIntoPlace()) fs.renameSync(this.temporary.path, real);
    } catch (error) {
      throw outputProblem(error, this.target);
    }
    syncNames(path.dirname(real));
  }

  /** Unlike a rename, a link fails if somebody else has made the target meanwhile. Not all file systems have links. */
  private linkIntoPlace(): boolean {
    try {
      fs.linkSync(this.temporary.path, this.place.real);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw alreadyThere(this.target, error);
      return false;
    }
  }
}
