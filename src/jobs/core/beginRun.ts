import fs from 'node:fs';
import os from 'node:os';
import { PrecisError } from '../../errors.js';
import { type OpenWork, openWork } from './openWork.js';
import { removeUnnamed } from './segments.js';
import { now, type Session } from './session.js';
import { changesOf } from './work.js';

/** Opens source and models, looks whether they are what the job was planned from, and says in the journal that a run has begun. */
export async function beginRun(session: Session): Promise<OpenWork> {
  const { history, how } = session;
  const begin = performance.now();
  const spec = how.change?.(history.spec) ?? history.spec;
  const opened = how.opened ?? (await openWork(spec, history.work));
  opened.hooks.onProgress = (stats) => how.onProgress?.(history, stats);
  opened.hooks.onEvent = (event) => {
    if (event.kind === 'retry') session.tell(`partition ${event.partition} is tried again: ${event.cause}`);
  };
  session.clock.loadMs = performance.now() - begin;
  try {
    const changes = changesOf(history.work, opened.work);
    if (changes.length > 0 && !how.acceptChanges) throw changed(history.id, changes);
    session.add({
      kind: 'run',
      at: now(),
      action: how.action,
      pid: process.pid,
      host: os.hostname(),
      ...(changes.length > 0 && { work: opened.work }),
      ...(spec !== history.spec && { spec }),
    });
    if (changes.length > 0) session.add({ kind: 'discarded', from: 0, why: changes.join('; '), at: now() });
    fs.mkdirSync(session.segments, { recursive: true });
    removeUnnamed(session.segments, new Set(history.partitions.map(({ segment }) => segment.file)));
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function changed(id: string, changes: readonly string[]): PrecisError {
  return new PrecisError('job', {
    found: `job ${id} cannot go on: ${changes[0]}`,
    expected: 'source and model as they were when it was planned',
    action: 'put them back, or add --accept-changes to compute anew what they make different',
    details: changes.slice(1),
  });
}
