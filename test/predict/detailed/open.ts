import { Table as ArrowTable, type RecordBatch, Utf8, Vector, vectorFromArray } from 'apache-arrow';
import { afterAll } from 'vitest';
import type { PoolEvent } from '../../../src/pool/types.js';
import { openDetailed } from '../../../src/predict/detailed/openDetailed.js';
import type { DetailedColumn, DetailedFunction, DetailedSetting } from '../../../src/predict/detailed/types.js';
import { plainValue } from '../../../src/predict/texts/plainValue.js';

export interface DetailedRow {
  readonly value: unknown;
  readonly error: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly truncated: boolean | null;
}

const opened: DetailedFunction[] = [];
afterAll(async () => {
  for (const fn of opened.splice(0)) await fn.close();
});

/** Closed after the file's tests. */
export async function open(column: Partial<DetailedColumn>, setting: DetailedSetting = {}): Promise<DetailedFunction> {
  const whole = { fn: 'summarize', model: 'builtin:echo', text: 'text', options: {}, ...column } as const;
  const fn = await openDetailed(whole, { workers: 1, ...setting });
  opened.push(fn);
  return fn;
}

export function textBatch(texts: readonly (string | null)[]): RecordBatch {
  return new ArrowTable({ text: vectorFromArray([...texts], new Utf8()) }).batches[0];
}

export async function* stream(...batches: readonly RecordBatch[]): AsyncGenerator<RecordBatch, void, undefined> {
  yield* batches;
}

/** What became of each row, and that of the very texts that went in. */
export async function detailsOf(
  fn: DetailedFunction,
  texts: readonly (string | null)[],
  signal?: AbortSignal,
): Promise<DetailedRow[]> {
  const rows: DetailedRow[] = [];
  const came: unknown[] = [];
  for await (const { batch, details } of fn.over(stream(textBatch(texts)), { signal })) {
    if (details.length !== batch.numRows) throw new Error(`${details.length} details for ${batch.numRows} rows`);
    if (String(details.type) !== String(fn.details)) throw new Error(`${details.type} instead of ${fn.details}`);
    came.push(...batch.getChild('text')!);
    rows.push(...Array.from(new Vector([details]), (row) => plainValue(row) as DetailedRow));
  }
  if (JSON.stringify(came) !== JSON.stringify(texts)) throw new Error('other rows than those that went in');
  return rows;
}

export const failed = (error: unknown): object => ({
  value: null,
  error,
  input_tokens: null,
  output_tokens: null,
  truncated: null,
});

export function causes(events: readonly PoolEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'retry' ? [event.cause] : []));
}
