import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { homePath, openHome } from '../files/home.js';

interface Remembered {
  readonly stamps: readonly string[];
  readonly hash: string;
}

/**
 * SHA-256 over the files' names, sizes and contents. Hashing reads every byte, so the result is remembered under PRECIS_HOME
 * for as long as path, size, inode and times of all files stay the same.
 */
export function hashFiles(files: readonly string[]): string {
  const stamps = files.map(stamp);
  const memory = path.join(homePath(), 'hashes', `${createHash('sha256').update(files.join('\0')).digest('hex')}.json`);
  const known = recall(memory);
  if (known && String(known.stamps) === String(stamps)) return known.hash;
  const hash = computeHash(files);
  // A file that changed while it was hashed must not be remembered as it was.
  if (String(files.map(stamp)) === String(stamps)) remember(memory, { stamps, hash });
  return hash;
}

/** By hash, the folders whose files had it when they were last read; those that are gone since are left out. */
export function rememberedFolders(): Map<string, string[]> {
  const memories = path.join(homePath(), 'hashes');
  const folders = new Map<string, string[]>();
  if (!fs.existsSync(memories)) return folders;
  for (const name of fs.readdirSync(memories)) {
    const known = recall(path.join(memories, name));
    const folder = known && path.dirname(fileOf(known.stamps[0]));
    if (!known || !folder || !fs.existsSync(folder)) continue;
    folders.set(known.hash, [...(folders.get(known.hash) ?? []), folder].sort());
  }
  return folders;
}

/** A stamp is the file's path and five numbers. */
function fileOf(stamped: string): string {
  return stamped.split(':').slice(0, -5).join(':');
}

function stamp(file: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(file, { bigint: true });
  return [file, dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function computeHash(files: readonly string[]): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(1 << 22);
  for (const file of files) {
    const handle = fs.openSync(file, 'r');
    try {
      hash.update(`${path.basename(file)}\0${fs.fstatSync(handle).size}\0`);
      for (let read = fs.readSync(handle, chunk); read > 0; read = fs.readSync(handle, chunk)) {
        hash.update(chunk.subarray(0, read));
      }
    } finally {
      fs.closeSync(handle);
    }
  }
  return hash.digest('hex');
}

function recall(memory: string): Remembered | null {
  try {
    const value = JSON.parse(fs.readFileSync(memory, 'utf8'));
    return Array.isArray(value.stamps) && /^[0-9a-f]{64}$/.test(value.hash) ? value : null;
  } catch {
    return null;
  }
}

/** Only saves time: where it cannot be written, the next start hashes again. */
function remember(memory: string, value: Remembered): void {
  const temporary = `${memory}.${process.pid}`;
  try {
    openHome();
    fs.mkdirSync(path.dirname(memory), { recursive: true });
    fs.writeFileSync(temporary, JSON.stringify(value));
    fs.renameSync(temporary, memory);
  } catch {
    discard(temporary);
  }
}

/** Only a memory: where it cannot be kept or removed, the next start reads the files again. */
function discard(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch {}
}
