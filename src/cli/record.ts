import type { UdfStats } from '../predict/udfTypes.js';
import { count, rate } from './progress.js';
import { size } from './sizes.js';

/** What a job was: `precis summarize --json` prints it, the summary block is made from it. */
export interface JobRecord {
  /** What `precis job` knows it by; absent where the work was done in one pass and nothing was kept. */
  readonly id?: string;
  readonly model: string;
  readonly precision: string;
  readonly input: string;
  readonly output: string;
  /** Of a Delta table: the version that was made. */
  readonly version: number | null;
  readonly text: string;
  readonly column: string;
  readonly rows: number;
  readonly nulls: number;
  readonly seconds: number;
  readonly rows_per_second: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_tokens_per_second: number;
  readonly output_tokens_per_second: number;
  readonly duplicates: number;
  readonly truncated: number;
  readonly chunks: number;
  readonly failed: number;
  /** The first of them, with their reasons. */
  readonly failures: readonly { readonly row: number; readonly reason: string }[];
  /** A line each: what happened to whom. */
  readonly retries: readonly string[];
  readonly workers: number;
  /** Resident, of this process and of the engines' process together; the latter is null if they ran in this one. */
  readonly peak_memory_bytes: number;
  readonly engine_peak_memory_bytes: number | null;
  /** What was asked for. */
  readonly options: Readonly<object>;
}

type Described = Pick<JobRecord, 'model' | 'input' | 'output' | 'version' | 'text' | 'column' | 'rows' | 'options'>;

export function jobRecord(described: Described, stats: UdfStats, seconds: number): JobRecord {
  const own = process.resourceUsage().maxRSS * 1024;
  const perSecond = (amount: number) => (seconds > 0 ? amount / seconds : 0);
  const { model, input, output, version, text, column, rows, options } = described;
  return {
    model,
    precision: stats.precision,
    input,
    output,
    version,
    text,
    column,
    rows,
    nulls: stats.nulls,
    seconds,
    rows_per_second: perSecond(rows),
    input_tokens: stats.inputTokens,
    output_tokens: stats.outputTokens,
    input_tokens_per_second: perSecond(stats.inputTokens),
    output_tokens_per_second: perSecond(stats.outputTokens),
    duplicates: stats.duplicates,
    truncated: stats.truncated,
    chunks: stats.chunks,
    failed: stats.failed,
    failures: stats.failures,
    retries: stats.retries,
    workers: stats.workers,
    peak_memory_bytes: own + (stats.hostPeakBytes ?? 0),
    engine_peak_memory_bytes: stats.hostPeakBytes,
    options,
  };
}

/** The block at the end of a job. What did not happen is left out, but for what everyone looks for. */
export function summaryBlock(record: JobRecord): string {
  const { rows, seconds, rows_per_second, nulls, duplicates, truncated, failed, retries, workers, version } = record;
  const tokens = (amount: number, perSecond: number) => `${count(amount)} (${rate(perSecond)} tokens/s)`;
  const lines = [
    line('model', `${record.model}${record.precision === 'none' ? '' : `, ${record.precision}`}`),
    line(
      'rows',
      `${count(rows)} in ${rate(seconds)} s (${rate(rows_per_second)} rows/s, ${workers} worker${workers === 1 ? '' : 's'})`,
    ),
    line('input tokens', tokens(record.input_tokens, record.input_tokens_per_second)),
    line('output tokens', tokens(record.output_tokens, record.output_tokens_per_second)),
    ...(nulls > 0 ? [line('nulls', `${rowCount(nulls)} without a text`)] : []),
    line('duplicates', duplicates > 0 ? `${rowCount(duplicates)} took the answer of an equal text` : 'none'),
    line('truncated', truncated > 0 ? rowCount(truncated) : 'none'),
    line('failed', failed > 0 ? rowCount(failed) : 'none'),
    ...record.failures.slice(0, 10).map(({ row, reason }) => line('', `row ${row}: ${reason}`)),
    ...(retries.length > 0 ? [line('retries', count(retries.length)), ...causes(retries)] : []),
    line('peak memory', size(record.peak_memory_bytes)),
    line('output', `${record.output}${version === null ? '' : `, version ${version}`} (column ${record.column})`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Retries of one cause are one line. */
function causes(retries: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const retry of retries) {
    const cause = retry.replace(/^partition \d+, attempt \d+: /, '');
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts].map(([cause, times]) => line('', times === 1 ? cause : `${times} times: ${cause}`));
}

function rowCount(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}

function line(name: string, value: string): string {
  return `${name.padEnd(14)} ${value}`;
}
