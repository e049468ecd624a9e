import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { nearestName } from '../../errors.js';
import { isGlob } from '../../table/fileNames.js';
import { openSource } from '../../table/sources.js';
import type { ReadOptions } from '../../table/types.js';
import type { ManifestEntry } from '../types.js';
import { throwProblems } from './schema.js';

export interface ManifestCheck {
  /** As the spec names the source. */
  readonly location: string;
  /** Absolute paths of what is read: Source.files. */
  readonly files: readonly string[];
  /** How a single file of it is read, to count its rows. */
  readonly read?: ReadOptions;
  readonly signal?: AbortSignal;
}

/** The files of a manifest have to be there, exactly: none more, none less, each with its rows and its bytes. Everything that differs is told at once. */
export async function checkManifest(manifest: readonly ManifestEntry[], check: ManifestCheck): Promise<void> {
  const folder = folderOf(check.location);
  const there = new Map(check.files.map((file) => [path.relative(folder, file), file]));
  const problems: string[] = [];
  const expected = new Set<string>();
  for (const entry of manifest) {
    const name = path.normalize(entry.file);
    if (expected.has(name)) problems.push(`${entry.file} is twice in the manifest`);
    expected.add(name);
    const file = there.get(name);
    if (file === undefined) problems.push(missing(entry.file, [...there.keys()]));
    else problems.push(...(await fileProblems(entry, file, check)));
  }
  for (const name of there.keys()) {
    if (!expected.has(name)) problems.push(`${name} is there, but not in the manifest`);
  }
  throwProblems(problems, check.location);
}

function missing(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  return `${name} is in the manifest, but not there${nearest === null ? '' : `; did you mean ${nearest}?`}`;
}

async function fileProblems(entry: ManifestEntry, file: string, { read, signal }: ManifestCheck): Promise<string[]> {
  const problems: string[] = [];
  if (entry.sha256 !== null) {
    const found = await hashOf(file, signal);
    if (found !== entry.sha256) problems.push(`${entry.file} has the SHA-256 ${found}, expected ${entry.sha256}`);
  }
  if (entry.rows !== null) {
    const found = await rowsOf(file, { ...read, signal });
    if (found !== entry.rows) problems.push(`${entry.file} has ${found} rows, expected ${entry.rows}`);
  }
  return problems;
}

async function hashOf(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file, { signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function rowsOf(file: string, options: ReadOptions): Promise<number> {
  const source = await openSource(file, options);
  if (source.rows !== undefined) return source.rows;
  let rows = 0;
  const columns = source.schema.fields.slice(0, 1).map((field) => String(field.name));
  for await (const batch of source.batches({ columns, signal: options.signal })) rows += batch.numRows;
  return rows;
}

/** Where a manifest's names begin: the folder itself, a file's folder, or the folders of a pattern that are no pattern. */
function folderOf(location: string): string {
  const found = fs.statSync(location, { throwIfNoEntry: false });
  if (found) return fs.realpathSync(found.isDirectory() ? location : path.dirname(location));
  const parts = path.dirname(location).split(path.sep);
  const first = parts.findIndex(isGlob);
  const plain = (first < 0 ? parts : parts.slice(0, first)).join(path.sep) || '.';
  return fs.existsSync(plain) ? fs.realpathSync(plain) : path.resolve(plain);
}
