import { PrecisError } from '../../errors.js';
import type { DeltaTransaction } from '../types.js';
import type { Action } from './actions.js';
import { readCheckpoint } from './checkpoint.js';
import { type Checkpoint, isDeltaFolder, type LogFolder, openLogFolder, segmentOf } from './logFolder.js';
import { readCommit, type Snapshot } from './snapshot.js';

/** The action that says that a transaction is in the commit. By the protocol, one that the table has already is not written again. */
export function transactionMark(snapshot: Snapshot | null, transaction: DeltaTransaction | undefined): Action[] {
  if (!transaction) return [];
  const { app, version } = transaction;
  const reached = snapshot?.transactions.get(app);
  if (snapshot && reached !== undefined && reached >= version) {
    throw new PrecisError('delta', {
      found: `${snapshot.table} has version ${reached} of the transaction ${app} already`,
      expected: `one before version ${version}`,
      action: 'its rows are there: nothing has to be written again',
    });
  }
  return [{ txn: { appId: app, version, lastUpdated: Date.now() } }];
}

/**
 * The table's version whose commit carries the newest transaction of an application; null if there is none. If that commit was cleaned
 * up, the version of the first checkpoint that is left, which has it too.
 */
export async function publishedVersion(folder: string, app: string): Promise<number | null> {
  if (!isDeltaFolder(folder)) return null;
  const log = openLogFolder(folder);
  const { checkpoint, commits } = segmentOf(log);
  const recent = lastWith(log, commits, app);
  if (recent !== null || !checkpoint || !(await hasTransaction(checkpoint, log, app))) return recent;
  const before = log.commits.filter((version) => version <= checkpoint.version);
  const found = lastWith(log, before, app);
  if (found !== null) return found;
  for (const each of log.checkpoints) {
    if (await hasTransaction(each, log, app)) return each.version;
  }
  return null;
}

function lastWith(log: LogFolder, commits: readonly number[], app: string): number | null {
  const has = (version: number) => readCommit(log, version).some(({ txn }) => txn?.appId === app);
  return commits.findLast(has) ?? null;
}

async function hasTransaction(checkpoint: Checkpoint, log: LogFolder, app: string): Promise<boolean> {
  for await (const actions of readCheckpoint(checkpoint, log.folder)) {
    if (actions.some(({ txn }) => txn?.appId === app)) return true;
  }
  return false;
}
