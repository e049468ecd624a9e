import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataType, type RecordBatch, type Vector } from 'apache-arrow';
import { afterAll } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { batchFromIpc, batchToIpc } from '../../src/table/columns.js';
import type { ReadRequest, Sink, Source } from '../../src/table/types.js';

/** A folder for the files of one test file. */
export function scratchFolder(): (name: string, content?: string | Uint8Array) => string {
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-text-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name, content) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (content !== undefined) writeFileSync(file, content);
    return file;
  };
}

/** The rows as lists of values in the order of the columns. Batches go through Arrow's own bytes, as they would to a worker. */
export async function rowsOf(source: Source, request?: ReadRequest): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const batch of source.batches(request)) {
    const sent = batchFromIpc(batchToIpc(batch));
    for (let row = 0; row < sent.numRows; row++) {
      rows.push(sent.schema.fields.map((_, column) => valueAt(sent.getChildAt(column)!, row)));
    }
  }
  return rows;
}

/** Arrow's own decoder drops a byte order mark at the front of a text. */
function valueAt(vector: Vector, row: number): unknown {
  const [data] = vector.data;
  if (!DataType.isUtf8(data.type) || !data.getValid(row)) return plain(vector.get(row));
  return Buffer.from(data.values.subarray(data.valueOffsets[row], data.valueOffsets[row + 1])).toString();
}

/** Arrow's rows and vectors as objects and lists. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON());
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

export async function writeAll(sink: Sink, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<void> {
  for await (const batch of batches) await sink.write(batch);
  await sink.publish();
}

export async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PrecisError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}
