import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { PrecisError } from '../errors.js';
import { readProblem } from '../files/problems.js';
import type { Source } from './types.js';

/** What a file was, so that a later look tells whether it still is. Plain data, to be kept as JSON. */
export interface FileFingerprint {
  /** Its absolute real path. */
  readonly file: string;
  readonly size: number;
  /** When its bytes last changed, in nanoseconds since 1970. */
  readonly modified: string;
  /** When anything of it last changed: unlike `modified`, no program can set it. */
  readonly changed: string;
  /** SHA-256 in hexadecimal; of a Delta table its version, of the data files of one nothing. */
  readonly hash: string;
  /** Whether the hash is of all bytes. */
  readonly whole: boolean;
}

export interface FingerprintOptions {
  /** From before: a file that nothing has touched since is not read again. */
  readonly known?: readonly FileFingerprint[];
  readonly signal?: AbortSignal;
}

const MB = 1024 * 1024;
/** Larger files are hashed by a sample: their first and last MB, and blocks between them. */
const MOST_WHOLE = 64 * MB;
const BLOCKS = 62;
const BLOCK_BYTES = 64 * 1024;

/**
 * The files that a table is read from; none of one that lies in memory or comes through a pipe. A Delta table is pinned by its version,
 * and its data files, which are never written over, by their names and sizes.
 */
export async function fingerprint(
  { files, version }: Pick<Source, 'files' | 'version'>,
  { known = [], signal }: FingerprintOptions = {},
): Promise<FileFingerprint[]> {
  const before = new Map(known.map((print) => [print.file, print]));
  const prints: FileFingerprint[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const look = lookAt(file);
    if (!look) continue;
    const { isFolder, ...found } = look;
    if (version !== undefined) prints.push(isFolder ? pinned(file, version) : { ...found, hash: '', whole: true });
    // Of a folder of texts: what came and went shows by its files.
    else if (!isFolder) prints.push(await hashed(found, before.get(file), signal));
  }
  return prints;
}

function pinned(file: string, version: number): FileFingerprint {
  return { file, size: 0, modified: '', changed: '', hash: `version ${version}`, whole: true };
}

type Look = Pick<FileFingerprint, 'file' | 'size' | 'modified' | 'changed'>;

/** Null if it is not there: a comparison says so. */
function lookAt(file: string): (Look & { readonly isFolder: boolean }) | null {
  const found = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!found) return null;
  const [modified, changed] = [String(found.mtimeNs), String(found.ctimeNs)];
  return { file, size: Number(found.size), modified, changed, isFolder: found.isDirectory() };
}

async function hashed(
  found: Look,
  before: FileFingerprint | undefined,
  signal?: AbortSignal,
): Promise<FileFingerprint> {
  if (before && isUntouched(before, found)) return before;
  const { file, size } = found;
  const whole = size <= MOST_WHOLE;
  const hash = await hashOf(file, whole ? [{ start: 0, end: size }] : sampleOf(size), signal);
  const after = lookAt(file);
  if (after && isUntouched(after, found)) return { ...found, hash, whole };
  throw new PrecisError('table', {
    found: `${file} changed while its fingerprint was taken`,
    expected: 'a file that stays as it is',
    action: 'run again when it is written',
  });
}

function isUntouched(a: Look, b: Look): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The same parts for all files of a size: one block in each of 62 equal stretches, somewhere in it. */
function sampleOf(size: number): Range[] {
  const stretch = (size - 2 * MB) / BLOCKS;
  const blocks = Array.from({ length: BLOCKS }, (_, i) => {
    const digest = createHash('sha256').update(`${size} ${i}`).digest();
    const start = Math.floor(MB + i * stretch + (digest.readUInt32LE(0) / 2 ** 32) * (stretch - BLOCK_BYTES));
    return { start, end: start + BLOCK_BYTES };
  });
  return [{ start: 0, end: MB }, ...blocks, { start: size - MB, end: size }];
}

async function hashOf(file: string, ranges: readonly Range[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const bytes = Buffer.allocUnsafe(MB);
  try {
    const handle = await open(file);
    try {
      for (const { start, end } of ranges) {
        for (let at = start; at < end; ) {
          signal?.throwIfAborted();
          const { bytesRead } = await handle.read(bytes, 0, Math.min(bytes.length, end - at), at);
          // It became shorter, which is seen right after.
          if (bytesRead === 0) break;
          hash.update(bytes.subarray(0, bytesRead));
          at += bytesRead;
        }
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readProblem(error, file, 'table');
  }
  return hash.digest('hex');
}

export interface FileDifference {
  readonly file: string;
  readonly what: 'changed' | 'missing' | 'new';
  /** In words: sizes, hashes, times or versions, whichever differ first. */
  readonly found: string;
  readonly expected: string;
}

/**
 * What differs. A file whose time alone changed is the same if all of its bytes are known to be; of a sampled one nobody knows, so it
 * counts as changed.
 */
export function compareFingerprints(
  old: readonly FileFingerprint[],
  now: readonly FileFingerprint[],
): FileDifference[] {
  const after = new Map(now.map((print) => [print.file, print]));
  const before = new Set(old.map(({ file }) => file));
  const differences = old.flatMap((expected): FileDifference[] => {
    const { file } = expected;
    const found = after.get(file);
    if (!found) return [{ file, what: 'missing', found: 'no file', expected: sizeText(expected) }];
    const text = differingText(expected, found);
    return text ? [{ file, what: 'changed', found: text(found), expected: text(expected) }] : [];
  });
  const added = now.filter(({ file }) => !before.has(file));
  return [
    ...differences,
    ...added.map((print) => ({ file: print.file, what: 'new', found: sizeText(print), expected: 'no file' }) as const),
  ];
}

/** How to tell the two apart in words; null if they are the same. */
function differingText(a: FileFingerprint, b: FileFingerprint): ((print: FileFingerprint) => string) | null {
  if (a.size !== b.size) return sizeText;
  if (a.hash !== b.hash) return ({ hash }) => (hash.startsWith('version') ? hash : `SHA-256 ${hash.slice(0, 16)}...`);
  if ((a.whole && b.whole) || a.modified === b.modified) return null;
  return ({ modified }) => `modified ${new Date(Number(BigInt(modified) / 1_000_000n)).toISOString()}`;
}

function sizeText({ size, hash }: FileFingerprint): string {
  return hash.startsWith('version') ? hash : `${size} bytes`;
}
