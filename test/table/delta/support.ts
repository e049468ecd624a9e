import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RecordBatchStreamWriter } from 'apache-arrow';
import { onTestFinished } from 'vitest';
import { PrecisError } from '../../../src/errors.js';
import { concatBatches } from '../../../src/table/columns.js';
import type { ReadRequest, Source } from '../../../src/table/types.js';

export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-delta-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function problemOf(action: Promise<unknown>): Promise<PrecisError> {
  const error = await action.then(
    () => null,
    (reason) => reason,
  );
  if (error instanceof PrecisError) return error;
  throw error ?? new Error('no error');
}

/** All rows as plain objects. */
export async function rowsOf(source: Source, request?: ReadRequest): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const batch of source.batches(request)) {
    for (const row of batch) rows.push(row!.toJSON());
  }
  return rows;
}

/** What the source gives, as an Arrow stream that Python can compare. */
export async function saveAsArrow(source: Source, file: string, request?: ReadRequest): Promise<void> {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, source.schema);
  for await (const batch of source.batches(request)) writer.write(concatBatches([batch]));
  writer.finish();
  fs.writeFileSync(file, writer.toUint8Array(true));
}
