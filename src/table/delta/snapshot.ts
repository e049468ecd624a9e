import fs from 'node:fs';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import {
  type Action,
  type AddFile,
  type DeletionVector,
  type MetaData,
  type Protocol,
  parseActions,
} from './actions.js';
import { readCheckpoint } from './checkpoint.js';
import { commitPath, type LogFolder, openLogFolder, segmentOf } from './logFolder.js';

/** A table at one version. */
export interface Snapshot {
  readonly table: string;
  readonly version: number;
  readonly protocol: Protocol;
  readonly metaData: MetaData;
  /** In the order in which the log adds them. */
  readonly files: readonly AddFile[];
  /** The version that each application has reached. */
  readonly transactions: ReadonlyMap<string, number>;
}

export async function readSnapshot(table: string, version?: number): Promise<Snapshot> {
  const log = openLogFolder(table);
  const segment = segmentOf(log, version);
  const replay = new Replay();
  if (segment.checkpoint) {
    for await (const actions of readCheckpoint(segment.checkpoint, log.folder)) replay.apply(actions);
  }
  for (const commit of segment.commits) replay.apply(readCommit(log, commit));
  return replay.finish(table, segment.version);
}

export function readCommit(log: LogFolder, version: number): Action[] {
  const file = commitPath(log, version);
  try {
    return parseActions(fs.readFileSync(file, 'utf8'), file);
  } catch (error) {
    throw readProblem(error, file, 'delta');
  }
}

class Replay {
  private protocol: Protocol | null = null;
  private metaData: MetaData | null = null;
  private readonly files = new Map<string, AddFile>();
  private readonly transactions = new Map<string, number>();

  apply(actions: readonly Action[]): void {
    // Of one commit the removes come first: it may take a file away and add it again with another deletion vector.
    for (const { remove } of actions) {
      if (remove) this.files.delete(fileKey(remove));
    }
    for (const { add, protocol, metaData, txn } of actions) {
      if (txn) this.transactions.set(txn.appId, txn.version);
      if (protocol) this.protocol = protocol;
      if (metaData) this.metaData = metaData;
      if (!add) continue;
      // A file that is added again moves to the end, wherever it stood.
      this.files.delete(fileKey(add));
      this.files.set(fileKey(add), add);
    }
  }

  finish(table: string, version: number): Snapshot {
    const { protocol, metaData, transactions } = this;
    if (!protocol || !metaData) {
      throw new PrecisError('delta', {
        found: `the log of ${table} up to version ${version} has no ${protocol ? 'metaData' : 'protocol'} action`,
        expected: 'a complete Delta log',
      });
    }
    return { table, version, protocol, metaData, files: [...this.files.values()], transactions };
  }
}

/** The protocol's identity of a file: the same path with another deletion vector is another one. */
function fileKey({
  path,
  deletionVector,
}: {
  readonly path: string;
  readonly deletionVector?: DeletionVector | null;
}): string {
  if (!deletionVector) return path;
  const { storageType, pathOrInlineDv, offset } = deletionVector;
  return `${path}\n${storageType}${pathOrInlineDv}@${offset ?? ''}`;
}
