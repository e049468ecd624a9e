import fs from 'node:fs';
import path from 'node:path';

/** A file, or a folder of parts, that is wanted. */
export interface Arrival {
  readonly name: string;
  readonly path: string;
  /** Changes when the content may have. */
  readonly identity: string;
  /** Whether a marker says that nothing more is written to it. */
  readonly isMarked: boolean;
}

/** What writers call their files until these are whole, and their markers. */
const NOT_YET =
  /^[._~]|~$|\.(tmp|temp|part|partial|filepart|crdownload|download|inprogress|swp|lock|done)$|\._COPYING_$/i;
const SUCCESS = '_SUCCESS';

/** What lies in the folder and is wanted, in the order of names. */
export function arrivalsIn(folder: string, pattern: RegExp): Arrival[] {
  const success = statOf(path.join(folder, SUCCESS));
  return fs
    .readdirSync(folder)
    .filter((name) => pattern.test(name) && !NOT_YET.test(name))
    .sort()
    .map((name) => arrival(folder, name, success))
    .filter((found) => found !== null);
}

function arrival(folder: string, name: string, success: fs.BigIntStats | null): Arrival | null {
  const file = path.join(folder, name);
  const stat = statOf(file);
  if (stat?.isDirectory()) return folderArrival(file, name);
  if (!stat?.isFile()) return null;
  const done = statOf(`${file}.done`);
  const isMarked = [done, success].some((marker) => marker !== null && marker.mtimeNs >= stat.mtimeNs);
  return { name, path: file, identity: identityOf(stat), isMarked };
}

/** A folder is one arrival once it says that it is whole, as Spark's do. */
function folderArrival(folder: string, name: string): Arrival | null {
  if (statOf(path.join(folder, SUCCESS)) === null) return null;
  const parts = fs.readdirSync(folder).sort();
  const identity = parts.map((part) => `${part} ${identityOf(statOf(path.join(folder, part)))}`).join('\n');
  return { name, path: folder, identity, isMarked: true };
}

function identityOf(stat: fs.BigIntStats | null): string {
  return stat === null ? 'gone' : `${stat.size}-${stat.mtimeNs}-${stat.ino}`;
}

/** It may go while we look. */
function statOf(file: string): fs.BigIntStats | null {
  try {
    return fs.statSync(file, { bigint: true });
  } catch {
    return null;
  }
}

/** `*.parquet`, `day-?.{csv,jsonl}`: of names, not of paths. */
export function namePattern(glob: string): RegExp {
  let depth = 0;
  const source = [...glob].map((character) => {
    if (character === '*') return '.*';
    if (character === '?') return '.';
    if (character === '{') depth++;
    if (character === '{') return '(?:';
    if (character === '}' && depth > 0) {
      depth--;
      return ')';
    }
    if (character === ',' && depth > 0) return '|';
    return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}${')'.repeat(depth)}$`, 's');
}
