import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type { Checkpoint } from '../checkpoint/types.js';
import { homePath, openHome } from '../files/home.js';
import { removeOnExit } from '../files/removeOnExit.js';
import { buildGraphs } from './buildGraphs.js';
import { CONVERTER_VERSION, type ConvertedManifest, MANIFEST_FILE } from './manifest.js';

/** A converted model in the cache. */
export interface KnownConversion {
  readonly dir: string;
  /** Null if the folder has no manifest that can be read. */
  readonly manifest: ConvertedManifest | null;
  /** This version would use it. */
  readonly current: boolean;
  readonly bytes: number;
  readonly converted: Date;
  readonly lastUsed: Date;
}

export function listConversions(): KnownConversion[] {
  const folder = path.join(homePath(), 'converted');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => describe(path.join(folder, name)))
    .sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
}

/**
 * What in the folder is not as a conversion of this checkpoint would write it now, a line a file. The checkpoint is converted again beside
 * it and every byte compared: no recorded hash could also tell of a conversion that was wrong from the start.
 */
export async function conversionProblems(
  checkpoint: Checkpoint,
  { dir, manifest }: KnownConversion,
): Promise<string[]> {
  if (manifest === null) return [`${path.join(dir, MANIFEST_FILE)} cannot be read`];
  const parent = path.join(openHome(), 'verify');
  mkdirSync(parent, { recursive: true });
  const fresh = mkdtempSync(path.join(parent, `${process.pid}-`));
  const keep = removeOnExit(fresh);
  try {
    await buildGraphs(checkpoint, manifest.precision, manifest.kernels, fresh);
    return compareFolders(fresh, dir);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    keep();
  }
}

function describe(dir: string): KnownConversion {
  const files = readdirSync(dir).map((name) => statSync(path.join(dir, name)));
  const manifest = readManifest(path.join(dir, MANIFEST_FILE));
  // The manifest is written last and read at every use.
  const { mtime, atime } = statSync(manifest === null ? dir : path.join(dir, MANIFEST_FILE));
  return {
    dir,
    manifest,
    current: manifest?.converterVersion === CONVERTER_VERSION,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    converted: mtime,
    lastUsed: atime > mtime ? atime : mtime,
  };
}

function readManifest(file: string): ConvertedManifest | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ConvertedManifest;
  } catch {
    return null;
  }
}

function compareFolders(expected: string, found: string): string[] {
  const names = readdirSync(expected);
  const extra = readdirSync(found).filter((name) => !names.includes(name));
  const problems = names.flatMap((name) => {
    const [a, b] = [path.join(expected, name), path.join(found, name)];
    if (!existsSync(b)) return [`${b} is missing`];
    const [wanted, size] = [statSync(a).size, statSync(b).size];
    if (wanted !== size) return [`${b} has ${size} bytes, expected ${wanted}`];
    const at = firstDifference(a, b);
    return at === null ? [] : [`${b} differs from the checkpoint's conversion at byte ${at}`];
  });
  return [...problems, ...extra.map((name) => `${path.join(found, name)} is no part of a conversion`)];
}

/** The offset of the first byte that differs between two files of one size. */
function firstDifference(a: string, b: string): number | null {
  const handles = [openSync(a, 'r'), openSync(b, 'r')];
  const [left, right] = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)];
  try {
    for (let offset = 0; ; ) {
      const read = readSync(handles[0], left, 0, left.length, offset);
      if (read === 0) return null;
      readSync(handles[1], right, 0, read, offset);
      for (let i = 0; i < read; i++) if (left[i] !== right[i]) return offset + i;
      offset += read;
    }
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
