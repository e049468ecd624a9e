import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { afterEach } from 'vitest';
import { openPool } from '../../src/pool/pool.js';
import type { BatchFunctionSpec, PartitionAnswer, Pool, PoolEvent, PoolOptions } from '../../src/pool/types.js';
// Shared with the worker-side modules, which Node loads as they are.
import { textBatch, textsOf } from './functions/batches.mjs';

export { textBatch, textsOf };

const FUNCTIONS = new URL('./functions/functions.mjs', import.meta.url).href;

export const functionOf = (exportName: string, options: unknown = {}): BatchFunctionSpec => ({
  module: FUNCTIONS,
  exportName,
  options,
});

const folders: string[] = [];
const pools: Pool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'precis-pool-'));
  folders.push(folder);
  return folder;
}

/** Closed after the test. */
export async function pooled(
  spec: BatchFunctionSpec,
  options: PoolOptions = {},
): Promise<{ pool: Pool; events: PoolEvent[] }> {
  const events: PoolEvent[] = [];
  const pool = await openPool(spec, { workers: 2, onEvent: (event) => events.push(event), ...options });
  pools.push(pool);
  return { pool, events };
}

export function causes(events: readonly PoolEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'retry' ? [event.cause] : []));
}

/** `rows` texts cut into partitions. */
export function cut(texts: readonly (string | null)[], rows: number): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0; at < texts.length; at += rows) batches.push(textBatch(texts.slice(at, at + rows)));
  return batches;
}

export const numbered = (rows: number): string[] => Array.from({ length: rows }, (_, row) => `row ${row}`);

/** Texts with trouble of one kind in some rows, each of them once. */
export function troubled(kind: string, rows: number, deaths: number): string[] {
  const every = Math.floor(rows / deaths);
  return numbered(rows).map((text, row) =>
    row % every === every >> 1 && row < deaths * every ? `${kind} ${row}` : text,
  );
}

export async function collected(answers: AsyncIterable<PartitionAnswer>): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  for await (const { batch } of answers) texts.push(...textsOf(batch));
  return texts;
}

/** Waits for what is sure to come; the test's own time limit ends it otherwise. */
export async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 10));
}
