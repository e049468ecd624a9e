import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';

export const LOG_FOLDER = '_delta_log';

/** A checkpoint that has all of its parts. */
export interface Checkpoint {
  readonly version: number;
  readonly files: readonly string[];
}

/** What lies in _delta_log, by version. */
export interface LogFolder {
  readonly table: string;
  readonly folder: string;
  /** Ascending. */
  readonly commits: readonly number[];
  /** Complete ones, ascending. */
  readonly checkpoints: readonly Checkpoint[];
}

/** The files that say what a version holds: a checkpoint, if there is one, and the commits after it. */
export interface LogSegment {
  readonly version: number;
  readonly checkpoint: Checkpoint | null;
  readonly commits: readonly number[];
}

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10})|\.[0-9a-f-]{36})?\.(parquet|json)$/;

export function isDeltaFolder(dir: string): boolean {
  return fs.statSync(path.join(dir, LOG_FOLDER), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function commitName(version: number): string {
  return `${String(version).padStart(20, '0')}.json`;
}

export function commitPath(log: { readonly folder: string }, version: number): string {
  return path.join(log.folder, commitName(version));
}

/**
 * The whole folder is listed, so that the hint in `_last_checkpoint`, which may be stale or broken, is not needed.
 */
export function openLogFolder(table: string): LogFolder {
  const folder = path.join(table, LOG_FOLDER);
  const commits: number[] = [];
  const parts = new Map<string, { version: number; of: number; files: string[] }>();
  for (const name of listed(folder)) {
    const commit = COMMIT.exec(name);
    if (commit) commits.push(Number(commit[1]));
    const found = CHECKPOINT.exec(name);
    if (!found) continue;
    const [, version, , of] = found;
    // Parts of one checkpoint share their count; each other file is a checkpoint of its own.
    const key = of === undefined ? name : `${version}/${of}`;
    const checkpoint = parts.get(key) ?? { version: Number(version), of: Number(of ?? 1), files: [] };
    checkpoint.files.push(path.join(folder, name));
    parts.set(key, checkpoint);
  }
  const checkpoints = [...parts.values()].filter(({ of, files }) => files.length === of);
  for (const { files } of checkpoints) files.sort();
  return {
    table,
    folder,
    commits: commits.sort((a, b) => a - b),
    checkpoints: checkpoints.sort((a, b) => a.version - b.version),
  };
}

function listed(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    throw readProblem(error, folder, 'delta');
  }
}

/** The files of a version, the newest by default. */
export function segmentOf(log: LogFolder, wanted?: number): LogSegment {
  const newest = newestVersion(log);
  if (newest < 0) {
    throw new PrecisError('delta', {
      found: `${log.folder} holds no commit`,
      expected: `at least ${commitName(0)}`,
      action: 'is this the folder of a Delta table?',
    });
  }
  const version = wanted ?? newest;
  if (!Number.isSafeInteger(version) || version < 0 || version > newest) throw noSuchVersion(log, String(version));
  const segment = tryVersion(log, version);
  if (Array.isArray(segment)) {
    // Without any start at or before it the log was cleaned up; a hole behind a start means that a file is lost.
    if (segment[0] === 0 && wanted !== undefined && log.checkpoints.length > 0)
      throw noSuchVersion(log, String(wanted));
    throw new PrecisError('delta', {
      found: `${commitName(segment[0])} is missing in ${log.folder}`,
      expected: `all commits up to version ${version}`,
      action: 'restore that file, or read a version before it',
    });
  }
  return segment;
}

export function newestVersion(log: LogFolder): number {
  return Math.max(log.commits.at(-1) ?? -1, log.checkpoints.at(-1)?.version ?? -1);
}

/** The segment, or the first version that is missing. */
function tryVersion(log: LogFolder, version: number): LogSegment | [number] {
  const checkpoint = log.checkpoints.findLast((candidate) => candidate.version <= version) ?? null;
  const start = checkpoint ? checkpoint.version + 1 : 0;
  const there = new Set(log.commits);
  const commits: number[] = [];
  for (let v = start; v <= version; v++) {
    if (!there.has(v)) return [v];
    commits.push(v);
  }
  return { version, checkpoint, commits };
}

function noSuchVersion(log: LogFolder, wanted: string): PrecisError {
  const newest = newestVersion(log);
  const earliest = log.commits[0] === 0 ? 0 : (log.checkpoints[0]?.version ?? newest);
  return new PrecisError('delta', {
    found: `${log.table} has no version ${wanted}`,
    expected: earliest === newest ? `version ${newest}, the only one` : `a version from ${earliest} to ${newest}`,
    action: earliest > 0 ? 'earlier versions are gone: their log was cleaned up' : undefined,
  });
}
