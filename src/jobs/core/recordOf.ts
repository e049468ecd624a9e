import path from 'node:path';
import { writeAtomic } from '../../files/writeAtomic.js';
import { cost } from '../observe/drift.js';
import type { JobRecord } from '../record.js';
import type { JobState } from '../types.js';
import type { JobHistory } from './history.js';
import type { RunFigures } from './journalRecords.js';

/** The record of a job. `isAlive`: whether the process of a job that says it is running lives; if not, it was killed. */
export function recordOf(history: JobHistory, isAlive: boolean): JobRecord {
  const { spec, work, totals, partitions, figures, published } = history;
  const state: JobState = history.state === 'running' && !isAlive ? 'interrupted' : history.state;
  const total = (of: (figures: RunFigures) => number) => figures.reduce((sum, one) => sum + of(one), 0);
  const most = (of: (figures: RunFigures) => number | null) =>
    figures.reduce<number | null>((found, one) => (of(one) === null ? found : Math.max(found ?? 0, of(one)!)), null);
  // Of a run that was killed only its commits tell how long it took.
  const seconds =
    figures.length > 0 ? total((one) => one.seconds) : partitions.reduce((sum, one) => sum + one.seconds, 0);
  const perSecond = (amount: number) => (seconds > 0 ? amount / seconds : 0);
  const tokens = totals.inputTokens + totals.outputTokens;
  return {
    id: history.id,
    name: spec.name,
    owner: spec.owner,
    state,
    problem: history.problem ?? (state === 'interrupted' ? 'the process that worked on it is gone' : null),
    precis_version: work.precisVersion,
    input: work.source.label,
    output: spec.output.path,
    version: published?.version ?? null,
    models: work.columns.map(({ name, uri, modelHash, precision }) => ({
      column: name,
      uri,
      hash: modelHash,
      precision,
    })),
    created_at: history.createdAt,
    started_at: history.startedAt,
    ended_at: history.endedAt,
    runs: history.runs,
    rows_total: work.source.rows,
    rows: totals.rows,
    succeeded: totals.succeeded,
    failed: totals.failed,
    filtered: totals.filtered,
    carried: totals.carried,
    cached: totals.cached,
    retried: totals.retried,
    truncated: totals.truncated,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cost: cost({ input_tokens: totals.inputTokens, output_tokens: totals.outputTokens }, spec.cost),
    partitions: partitions.map((one) => ({
      partition: one.partition,
      rows: one.rows,
      failed: one.failed,
      seconds: one.seconds,
      input_tokens: one.inputTokens,
      output_tokens: one.outputTokens,
    })),
    seconds,
    rows_per_second: perSecond(totals.rows),
    tokens_per_second: perSecond(tokens),
    model_load_seconds: total((one) => one.modelLoadSeconds),
    table_seconds: total((one) => one.tableSeconds),
    engine_seconds: total((one) => one.engineSeconds),
    peak_memory_bytes: most((one) => one.peakBytes) ?? 0,
    engine_peak_memory_bytes: most((one) => one.enginePeakBytes),
    cpu_seconds: total((one) => one.cpuSeconds),
    events: figures.flatMap((one) => one.events),
    drift: null,
    failed_rows: published?.failedRows ?? null,
  };
}

/** Keeps the record beside the journal, for those who only want to look. It can always be made again. */
export function keepRecord(folder: string, history: JobHistory): JobRecord {
  const record = recordOf(history, true);
  writeAtomic(path.join(folder, 'record.json'), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}
