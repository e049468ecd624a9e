import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { packageVersion } from '../../files/packageVersion.js';
import { syncNames, syncToDisk } from '../../files/sync.js';
import { outputProblem } from '../output/outputProblem.js';
import type { Action } from './actions.js';
import { commitName, commitPath, LOG_FOLDER, openLogFolder } from './logFolder.js';
import type { WriteKind } from './protocol.js';
import { readCommit } from './snapshot.js';

export interface Transaction {
  readonly table: string;
  /** The version that was read; -1 if there was no table. */
  readonly readVersion: number;
  readonly kind: WriteKind;
  readonly operation: Operation;
  readonly actions: readonly Action[];
}

/** As the table's history shows it. */
export interface Operation {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, string>>;
}

/**
 * Commits as the next version and returns it. Whoever commits first gets the version: an append tries the one after it unless the
 * table itself was changed; a write that relies on the files it read is refused.
 */
export function commit(transaction: Transaction): number {
  const folder = path.join(transaction.table, LOG_FOLDER);
  const isNew = fs.mkdirSync(folder, { recursive: true }) !== undefined;
  try {
    return nextVersion(transaction);
  } catch (error) {
    // An empty log would look like a broken table. If another writer is in it, it is not empty.
    if (isNew && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
    throw error;
  }
}

function nextVersion(transaction: Transaction): number {
  const { table, readVersion } = transaction;
  for (let version = readVersion + 1; ; version++) {
    const lines = [{ commitInfo: commitInfo(transaction, version) }, ...transaction.actions];
    if (putIfAbsent(table, version, lines)) return version;
    if (readVersion < 0) throw conflict(table, version, 'made the table');
    checkConflict(transaction, version);
  }
}

function checkConflict({ table, kind, actions }: Transaction, version: number): void {
  for (const { protocol, metaData, add, remove, txn } of readCommit(openLogFolder(table), version)) {
    if (txn && actions.some((action) => action.txn?.appId === txn.appId)) {
      throw conflict(table, version, `committed as ${txn.appId}`);
    }
    if (protocol || metaData) throw conflict(table, version, 'changed its schema or settings');
    if (kind !== 'append' && (add || remove)) throw conflict(table, version, 'changed its rows');
  }
}

function conflict(table: string, version: number, did: string): PrecisError {
  return new PrecisError('delta', {
    found: `another writer ${did} meanwhile: version ${version} of ${table}`,
    expected: 'the table as it was when this write began',
    action: 'nothing was changed; run it again',
  });
}

function commitInfo({ operation, kind, readVersion }: Transaction, version: number): object {
  return {
    timestamp: Date.now(),
    operation: operation.name,
    operationParameters: operation.parameters,
    ...(version > 0 ? { readVersion: Math.max(readVersion, 0) } : {}),
    isolationLevel: 'Serializable',
    isBlindAppend: kind === 'append',
    operationMetrics: operation.metrics,
    engineInfo: `precis/${packageVersion()}`,
    txnId: randomUUID(),
  };
}

/**
 * Writes a commit under another name and links it to its own, which fails if there is one already: no reader ever sees half a
 * commit, and of several writers exactly one gets a version.
 */
function putIfAbsent(table: string, version: number, lines: readonly object[]): boolean {
  const folder = path.join(table, LOG_FOLDER);
  const temporary = path.join(folder, `.${commitName(version)}.${randomUUID()}.tmp`);
  try {
    fs.writeFileSync(temporary, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    syncToDisk(temporary);
    fs.linkSync(temporary, commitPath({ folder }, version));
    syncNames(folder);
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (syscall !== 'link') throw outputProblem(error, folder);
    throw new PrecisError('delta', {
      found: `${folder} cannot take a commit: its file system refuses hard links (${code})`,
      expected: 'a folder on a local disk',
      action: 'write the table there and copy it',
      cause: error,
    });
  } finally {
    discard(temporary);
  }
}

/** Never fails: the commit may be made, and whoever took this for a failure would remove the data files that it names. */
function discard(temporary: string): void {
  try {
    fs.rmSync(temporary, { force: true });
  } catch {}
}
