import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { Bool, type Data, Field, Int32, makeData, type RecordBatch, Schema, type Struct, Uint8 } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { syncNames } from '../../files/sync.js';
import { batchFromIpc, batchOf, batchToIpc } from '../../table/columns.js';
import { outputProblem } from '../../table/output/outputProblem.js';
import type { PartitionDone, SegmentFile } from './journalRecords.js';

/** What a partition became: one Arrow stream of one batch. */
export interface Segment {
  readonly flags: Uint8Array;
  readonly attempts: Int32Array;
  /** 1 where the fallback model answered. */
  readonly fallback: Uint8Array;
  readonly details: readonly Data<Struct>[];
}

/** Writes a segment and returns when it is on the disk under its name. Nothing counts on it before the journal says so. */
export function writeSegment(folder: string, partition: number, segment: Segment): SegmentFile {
  const bytes = batchToIpc(segmentBatch(segment));
  // A name of its own: a segment that is computed again never touches the one that the journal still counts on.
  const file = `${String(partition).padStart(8, '0')}-${randomBytes(4).toString('hex')}.arrow`;
  const target = path.join(folder, file);
  const temporary = path.join(folder, `.${file}.tmp`);
  try {
    const handle = fs.openSync(temporary, 'w');
    try {
      for (let done = 0; done < bytes.length; ) done += fs.writeSync(handle, bytes, done);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, target);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw outputProblem(error, target);
  }
  syncNames(folder);
  return { file, bytes: bytes.length, crc32: crc32(bytes) };
}

function segmentBatch({ flags, attempts, fallback, details }: Segment): RecordBatch {
  const length = flags.length;
  const fields = [
    new Field('flags', new Uint8(), false),
    new Field('attempts', new Int32(), false),
    new Field('fallback', new Bool(), false),
    ...details.map(({ type }, at) => new Field(`column ${at}`, type, true)),
  ];
  const children = [
    makeData({ type: new Uint8(), length, nullCount: 0, data: flags }),
    makeData({ type: new Int32(), length, nullCount: 0, data: attempts }),
    makeData({ type: new Bool(), length, nullCount: 0, data: bits(fallback) }),
    ...details,
  ];
  return batchOf(new Schema(fields), children, length);
}

function bits(marks: Uint8Array): Uint8Array {
  const packed = new Uint8Array((marks.length + 7) >> 3);
  for (let i = 0; i < marks.length; i++) if (marks[i]) packed[i >> 3] |= 1 << (i & 7);
  return packed;
}

/** Reads a segment that the journal names; what is not as the journal says is refused. */
export function readSegment(folder: string, { partition, rows, segment }: PartitionDone): Segment {
  const file = path.join(folder, segment.file);
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (cause) {
    throw damaged(file, partition, 'it cannot be read', cause);
  }
  if (bytes.length !== segment.bytes || crc32(bytes) !== segment.crc32) {
    throw damaged(file, partition, `it has ${bytes.length} bytes that are not what was written`);
  }
  const batch = batchFromIpc(bytes);
  if (batch.numRows !== rows) throw damaged(file, partition, `it has ${batch.numRows} rows`);
  const [flags, attempts, fallback, ...details] = batch.data.children as Data[];
  return {
    flags: flags.values.slice(0, rows),
    attempts: attempts.values.slice(0, rows),
    fallback: Uint8Array.from({ length: rows }, (_, row) => (fallback.values[row >> 3] >> (row & 7)) & 1),
    details: details as Data<Struct>[],
  };
}

function damaged(file: string, partition: number, why: string, cause?: unknown): PrecisError {
  return new PrecisError('journal', {
    found: `segment ${file} of partition ${partition} is damaged: ${why}`,
    expected: 'the bytes that the journal names',
    action: 'resume with --accept-changes to compute it and what follows again',
    cause,
  });
}

/** Removes what the journal does not name: segments of a process that died before it said so, and temporary files. */
export function removeUnnamed(folder: string, named: ReadonlySet<string>): void {
  for (const name of fs.readdirSync(folder)) if (!named.has(name)) fs.rmSync(path.join(folder, name), { force: true });
}
