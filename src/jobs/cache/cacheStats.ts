import fs from 'node:fs';
import { readSummary } from './answerFile.js';
import { answerCacheBytes, answerCacheRoot, answerFiles, remove, removeAbandoned } from './answerFolder.js';

const DAY = 86_400_000;

export interface NamespaceStats {
  /** What the answers depend on, as the job that made them put it. */
  readonly namespace: string;
  readonly folder: string;
  readonly files: number;
  readonly entries: number;
  readonly bytes: number;
  /** When its oldest and its newest file were written. */
  readonly oldest: Date;
  readonly newest: Date;
}

export interface CacheStats {
  readonly root: string;
  /** What it may take. */
  readonly mostBytes: number;
  readonly files: number;
  readonly entries: number;
  readonly bytes: number;
  readonly oldest: Date | null;
  readonly newest: Date | null;
  /** The largest first. */
  readonly namespaces: readonly NamespaceStats[];
}

/** What is in the cache of answers. Files that are damaged are not counted: the next job that meets them drops them. */
export function cacheStats(root = answerCacheRoot()): CacheStats {
  const byFolder = new Map<string, NamespaceStats>();
  for (const { path, folder, bytes, modified } of answerFiles(root)) {
    const summary = summaryOf(path);
    if (!summary) continue;
    const before = byFolder.get(folder);
    byFolder.set(folder, {
      namespace: summary.namespace,
      folder,
      files: (before?.files ?? 0) + 1,
      entries: (before?.entries ?? 0) + summary.entries,
      bytes: (before?.bytes ?? 0) + bytes,
      oldest: before?.oldest ?? modified,
      newest: modified,
    });
  }
  const namespaces = [...byFolder.values()].sort((a, b) => b.bytes - a.bytes);
  const sum = (count: 'files' | 'entries' | 'bytes') => namespaces.reduce((total, one) => total + one[count], 0);
  const times = namespaces.flatMap(({ oldest, newest }) => [oldest.getTime(), newest.getTime()]);
  return {
    ...{ root, mostBytes: answerCacheBytes(), files: sum('files'), entries: sum('entries'), bytes: sum('bytes') },
    oldest: times.length > 0 ? new Date(Math.min(...times)) : null,
    newest: times.length > 0 ? new Date(Math.max(...times)) : null,
    namespaces,
  };
}

function summaryOf(path: string) {
  try {
    return readSummary(path);
  } catch {
    return null;
  }
}

export interface ClearOptions {
  readonly root?: string;
  /** Only files that were written longer ago. */
  readonly olderThanDays?: number;
}

export interface Cleared {
  readonly files: number;
  readonly bytes: number;
  /** Files that should have gone and could not be removed. */
  readonly left: number;
}

/** Removes answers. Jobs that run meanwhile compute again what they do not find. */
export function clearCache({ root = answerCacheRoot(), olderThanDays }: ClearOptions = {}): Cleared {
  const before = olderThanDays === undefined ? Number.POSITIVE_INFINITY : Date.now() - olderThanDays * DAY;
  const files = answerFiles(root);
  const doomed = files.filter(({ modified }) => modified.getTime() < before);
  const gone = doomed.filter(({ path }) => remove(path));
  const left = doomed.filter(({ path }) => fs.existsSync(path)).length;
  for (const folder of new Set(files.map((file) => file.folder))) {
    removeAbandoned(folder);
    try {
      // Fails for one that is not empty.
      fs.rmdirSync(folder);
    } catch {}
  }
  return { files: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0), left };
}
