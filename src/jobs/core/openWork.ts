import { packageVersion } from '../../files/packageVersion.js';
import type { PoolEvent } from '../../pool/types.js';
import { openDetailed } from '../../predict/detailed/openDetailed.js';
import type { DetailedFunction } from '../../predict/detailed/types.js';
import { isQuick } from '../../predict/udfOptions.js';
import type { UdfStats } from '../../predict/udfTypes.js';
import { fingerprint } from '../../table/fingerprint.js';
import { readTable } from '../../table/open.js';
import type { Table } from '../../table/table.js';
import type { ColumnSpec, JobSpec } from '../types.js';
import { modelHash } from './modelHash.js';
import { optionsHash, type Work } from './work.js';

/** The source and the functions of a job, opened and checked; workers start with the first pass. */
export interface OpenWork {
  readonly table: Table;
  readonly functions: readonly DetailedFunction[];
  readonly work: Work;
  readonly hooks: WorkHooks;
  close(): Promise<void>;
}

/** What is told while the functions work. May be set after they were opened: whoever opens them does not always know who wants to hear it. */
export interface WorkHooks {
  onEvent?: (event: PoolEvent) => void;
  onProgress?: (stats: UdfStats) => void;
}

/** `before`: what the job was planned from, whose version of a Delta table is read again, and whose files need not be read to be known. */
export async function openWork(spec: JobSpec, before: Work | null, hooks: WorkHooks = {}): Promise<OpenWork> {
  const table = await openTable(spec, before?.source.version ?? null);
  const functions: DetailedFunction[] = [];
  const close = async () => {
    await Promise.all(functions.map((fn) => fn.close()));
  };
  try {
    for (const column of spec.columns) functions.push(await openFunction(spec, column, modelOf(spec, column), hooks));
    return { table, functions, work: await workOf(spec, table, functions, before), hooks, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openTable({ source }: JobSpec, version: number | null): Promise<Table> {
  const { path, format, delimiter, header, limit, sample } = source;
  let table = await readTable(path, {
    format: format ?? undefined,
    version: version ?? source.version ?? undefined,
    ...(delimiter !== null && { delimiter }),
    ...(!header && { header }),
  });
  if (sample !== null) table = table.sample(sample.rows, sample.seed);
  if (limit !== null) table = table.limit(limit);
  return table;
}

/** One column's function with the given model: its own, the fallback's, or another one for a retry. */
export function openFunction(
  spec: JobSpec,
  { fn, text, options }: ColumnSpec,
  uri: string,
  hooks: WorkHooks = {},
): Promise<DetailedFunction> {
  const { workers, devices, isolation } = spec.engine;
  const { maxRetries, timeout } = spec.retry;
  const pool = {
    isolation,
    maxRetries,
    ...(workers !== null && { workers }),
    ...(devices !== null && { devices }),
    ...(timeout !== null && { hangSeconds: timeout }),
  };
  return openDetailed(
    { fn, model: fn === 'module' ? null : uri, text, options: { ...atOnce(spec), ...options } },
    {
      ...pool,
      onEvent: (event) => hooks.onEvent?.(event),
      onProgress: (stats) => hooks.onProgress?.(stats),
    },
  );
}

/** What workers get at a time is no more than a partition: it could not be committed before all of it is answered. */
function atOnce({ partitionRows }: JobSpec): { readonly partitionRows?: number } {
  return partitionRows === null || partitionRows >= 256 ? {} : { partitionRows };
}

export function modelOf(spec: JobSpec, column: ColumnSpec): string {
  return column.model ?? spec.engine.model;
}

async function workOf(
  spec: JobSpec,
  table: Table,
  functions: readonly DetailedFunction[],
  before: Work | null,
): Promise<Work> {
  const uris = spec.columns.map((column) => modelOf(spec, column));
  return {
    precisVersion: packageVersion(),
    source: {
      label: table.label,
      version: table.version ?? null,
      files: await fingerprint(table, { known: before?.source.files }),
      rows: table.rows ?? null,
      schema: table.schema.fields.map(({ name, type }) => `${String(name)} ${type}`).join(', '),
    },
    partitionRows: spec.partitionRows ?? (spec.columns.every((column, at) => isFast(column, uris[at])) ? 16_384 : 256),
    columns: spec.columns.map((column, at) => ({
      name: column.name,
      uri: column.fn === 'module' ? String(column.options.module) : uris[at],
      modelHash: column.fn === 'module' ? null : modelHash(uris[at]),
      precision: functions[at].stats.precision,
      options: optionsHash(spec, at),
    })),
  };
}

/**
 * What is lost when a process is killed is at most the partitions under way: seconds of work for a model. Functions without weights are done with
 * thousands of rows in the time that a commit takes.
 */
function isFast({ fn }: ColumnSpec, uri: string): boolean {
  return fn !== 'module' && isQuick(uri);
}
