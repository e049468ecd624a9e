import { Stopped } from '../jobs/core/stopped.js';
import type { JobSpec } from '../jobs/types.js';
import type { UdfOptions, UdfStats } from '../predict/udfTypes.js';
import type { ReadOptions, WriteOptions } from '../table/types.js';
import { Interrupted, interruptible } from './interrupt.js';
import type { Progress } from './progress.js';
import { workDone } from './workDone.js';

export interface SummarizeWork {
  readonly input: string;
  readonly output: string;
  readonly text: string;
  readonly column: string;
  readonly model: string;
  readonly options: UdfOptions;
  readonly read: ReadOptions;
  readonly write: WriteOptions;
  readonly limit?: number;
  readonly sample?: number;
  readonly seed: number;
}

export interface SummarizeDone {
  readonly id: string;
  readonly target: string;
  readonly version: number | null;
  readonly stats: UdfStats;
  readonly seconds: number;
}

/** A summarization as a job: what is done is kept when it ends early, and `precis job resume` goes on. */
export async function summarizeAsJob(
  work: SummarizeWork,
  progressOf: (rows: number | null) => Progress,
): Promise<SummarizeDone> {
  const { planJob } = await import('../jobs/core/planJob.js');
  const { runJob } = await import('../jobs/core/runJob.js');
  const { rowError, KEEP_OTHERS } = await import('../predict/texts/rowReason.js');
  const begin = performance.now();
  const { id, opened } = await planJob(specOf(work));
  let stats: UdfStats | null = null;
  let progress: Progress | null = null;
  const left = `interrupted: ${work.output} is as it was; precis job resume ${id} goes on`;
  try {
    const record = await interruptible(left, (signal) =>
      runJob(id, {
        action: 'run',
        opened,
        signal,
        say: (line) => progress?.say(line),
        onProgress: (history, underWay) => {
          progress ??= progressOf(history.work.source.rows);
          stats = underWay ?? stats;
          if (stats !== null) progress.update(workDone(stats));
        },
      }),
    );
    return {
      id,
      target: record.output,
      version: record.version,
      stats: stats!,
      seconds: (performance.now() - begin) / 1000,
    };
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof Stopped) || error.failure === null) throw error;
    throw rowError(error.failure.row, error.failure.reason, KEEP_OTHERS);
  } finally {
    (progress as Progress | null)?.end();
  }
}

/** What the flags of `precis summarize` mean as a job: one column, every row in the output, whatever became of it. */
function specOf({
  input,
  output,
  text,
  column,
  model,
  options,
  read,
  write,
  limit,
  sample,
  seed,
}: SummarizeWork): JobSpec {
  const { workers, devices, isolation, onError, maxRetries, hangSeconds, ...own } = options;
  const { mode = 'error', mergeKey = [] } = write;
  const csv = (how: ReadOptions | WriteOptions) => ({ delimiter: how.delimiter ?? null, header: how.header ?? true });
  return {
    name: null,
    owner: null,
    source: {
      path: input,
      format: read.format ?? null,
      version: read.version ?? null,
      ...csv(read),
      limit: limit ?? null,
      sample: sample === undefined ? null : { rows: sample, seed },
      manifest: null,
    },
    columns: [{ name: column, fn: 'summarize', text, model: null, options: { ...own } }],
    output: {
      path: output,
      format: write.format ?? null,
      mode: mode === 'error' ? 'create' : mode,
      ...csv(write),
      keepFailed: true,
      keepFiltered: true,
      errorColumn: null,
    },
    key: mergeKey,
    engine: {
      model,
      generation: {},
      workers: workers ?? null,
      devices: devices ?? null,
      isolation: isolation ?? 'process',
    },
    partitionRows: null,
    retry: { maxRetries: maxRetries ?? 3, timeout: hangSeconds ?? null },
    fallbackModel: null,
    errorThreshold: onError === undefined || onError === 'fail' ? 0 : -1,
    partitionErrorThreshold: -1,
    filter: { nulls: false, blank: false, shorterThan: 0 },
    incremental: false,
    cache: false,
    lineage: false,
    input: { columns: {}, rows: null },
    result: { columns: {} },
    cost: null,
    routes: [],
    deadline: null,
    onFailure: null,
  };
}
