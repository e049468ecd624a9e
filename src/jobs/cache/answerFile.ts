import { hash } from 'node:crypto';
import fs from 'node:fs';
import { WORDS } from '../carry/fingerprints.js';

/**
 * A file of answers, written once and complete: a head of fixed size, the namespace's text, a directory of blocks, the fingerprints of all entries, a
 * checksum of all that; then the blocks, each an Arrow stream with a checksum in the directory. Numbers are little-endian.
 */
const MAGIC = 'PRECISA1';
const HEAD = 32;
const CHECKSUM = 16;
const BLOCK = 8 + CHECKSUM;
const FINGERPRINT = WORDS * 4;

export const EXTENSION = '.answers';

export interface AnswerBlock {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

export interface BlockPlace {
  readonly start: number;
  readonly length: number;
  /** The number of its first entry in the file, and how many it has. */
  readonly first: number;
  readonly rows: number;
  readonly checksum: Buffer;
}

export interface FileSummary {
  readonly namespace: string;
  readonly entries: number;
  readonly blocks: number;
}

export interface FileHead extends FileSummary {
  readonly words: Uint32Array;
  readonly places: readonly BlockPlace[];
}

/** Not whole, or not what it was when it was written. */
export class DamagedFile extends Error {}
/** Made by a later version: not ours to judge. */
export class LaterFile extends Error {}

export function encodeFile(namespace: string, words: Uint32Array, blocks: readonly AnswerBlock[]): Buffer {
  const name = Buffer.from(namespace, 'utf8');
  const headLength = HEAD + name.length + blocks.length * BLOCK + words.byteLength + CHECKSUM;
  const length = blocks.reduce((sum, { bytes }) => sum + bytes.length, headLength);
  const file = Buffer.allocUnsafe(length);
  file.write(MAGIC, 0, 'latin1');
  file.writeUInt32LE(words.length / WORDS, 8);
  file.writeUInt32LE(blocks.length, 12);
  file.writeUInt32LE(name.length, 16);
  file.writeUInt32LE(headLength, 20);
  file.writeDoubleLE(length, 24);
  file.set(name, HEAD);
  let entry = HEAD + name.length;
  let at = headLength;
  for (const { rows, bytes } of blocks) {
    file.writeUInt32LE(rows, entry);
    file.writeUInt32LE(bytes.length, entry + 4);
    file.set(checksum(bytes), entry + 8);
    file.set(bytes, at);
    entry += BLOCK;
    at += bytes.length;
  }
  for (const word of words) entry = file.writeUInt32LE(word, entry);
  file.set(checksum(file.subarray(0, headLength - CHECKSUM)), headLength - CHECKSUM);
  return file;
}

/** Everything but the answers themselves, checked. Throws what fs does, a DamagedFile or a LaterFile. */
export function readHead(path: string): FileHead {
  return opened(path, (file, size) => {
    const { headLength, nameLength, ...counts } = fixedHead(file, size);
    const head = readAt(file, 0, headLength);
    if (!checksum(head.subarray(0, -CHECKSUM)).equals(head.subarray(-CHECKSUM))) throw new DamagedFile();
    const namespace = head.toString('utf8', HEAD, HEAD + nameLength);
    const directory = HEAD + nameLength;
    const places: BlockPlace[] = [];
    let first = 0;
    let start = headLength;
    for (let block = 0; block < counts.blocks; block++) {
      const at = directory + block * BLOCK;
      const [rows, length] = [head.readUInt32LE(at), head.readUInt32LE(at + 4)];
      places.push({ start, length, first, rows, checksum: Buffer.from(head.subarray(at + 8, at + BLOCK)) });
      first += rows;
      start += length;
    }
    const words = new Uint32Array(counts.entries * WORDS);
    const keys = directory + counts.blocks * BLOCK;
    for (let i = 0; i < words.length; i++) words[i] = head.readUInt32LE(keys + i * 4);
    return { ...counts, namespace, words, places };
  });
}

/** What the first bytes tell; only lengths are checked. */
export function readSummary(path: string): FileSummary {
  return opened(path, (file, size) => {
    const { entries, blocks, nameLength } = fixedHead(file, size);
    return { entries, blocks, namespace: readAt(file, HEAD, nameLength).toString('utf8') };
  });
}

export function readBlock(path: string, place: BlockPlace): Uint8Array {
  const bytes = opened(path, (file) => readAt(file, place.start, place.length));
  if (!checksum(bytes).equals(place.checksum)) throw new DamagedFile();
  return bytes;
}

function fixedHead(file: number, size: number) {
  const head = readAt(file, 0, HEAD);
  const magic = head.toString('latin1', 0, MAGIC.length);
  if (magic !== MAGIC) throw magic.startsWith('PRECISA') ? new LaterFile() : new DamagedFile();
  const [entries, blocks, nameLength, headLength] = [8, 12, 16, 20].map((at) => head.readUInt32LE(at));
  const expected = HEAD + nameLength + blocks * BLOCK + entries * FINGERPRINT + CHECKSUM;
  if (headLength !== expected || headLength > size || head.readDoubleLE(24) !== size) throw new DamagedFile();
  return { entries, blocks, nameLength, headLength };
}

function opened<Result>(path: string, work: (file: number, size: number) => Result): Result {
  const file = fs.openSync(path, 'r');
  try {
    return work(file, fs.fstatSync(file).size);
  } finally {
    fs.closeSync(file);
  }
}

/** In memory of its own, which begins where Arrow wants it to. */
function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = fs.readSync(file, bytes, done, length - done, position + done);
    if (read === 0) throw new DamagedFile();
    done += read;
  }
  return bytes;
}

function checksum(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer').subarray(0, CHECKSUM);
}
