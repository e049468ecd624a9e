import type { JobSpec } from '../types.js';
import { computed } from './computing.js';
import { neededColumns } from './neededColumns.js';
import { partitioned } from './partitions.js';
import { checkJob } from './planJob.js';
import { countsOf } from './rows.js';

/** What `--dry-run` prints. */
export interface Estimate {
  readonly input: string;
  readonly output: string;
  readonly rows: number;
  /** Rows that were computed to measure, and what they took. */
  readonly sample: {
    readonly rows: number;
    readonly seconds: number;
    readonly failed: number;
    readonly filtered: number;
  };
  readonly rows_per_second: number;
  readonly seconds: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost: number | null;
  readonly partitions: number;
  readonly models: readonly { readonly column: string; readonly uri: string; readonly precision: string }[];
}

const SAMPLE_ROWS = 200;
const SAMPLE_SECONDS = 20;

/** Checks everything, computes a sample drawn from the whole table, and reckons from it. Nothing is written. */
export async function estimate(spec: JobSpec, signal: AbortSignal = new AbortController().signal): Promise<Estimate> {
  const opened = await checkJob(spec);
  try {
    const { table, functions, work } = opened;
    const rows = await table.count();
    const sample = table.sample(SAMPLE_ROWS, 0);
    const source = sample.batches({ columns: neededColumns(spec), signal });
    const texts = [...new Set(spec.columns.flatMap(({ text }) => text))];
    const pieces = computed(source, { functions, texts, filter: spec.filter, known: [], pieceRows: 16, signal });
    let begin: number | null = null;
    let seconds = 0;
    const total = { rows: 0, failed: 0, filtered: 0, inputTokens: 0, outputTokens: 0 };
    for await (const { flags, details } of partitioned(pieces, { first: 0, rows: 16 })) {
      // The first rows come when the workers have opened the model, which a long run does once.
      begin ??= performance.now() - 1;
      const counts = countsOf({
        flags,
        details,
        attempts: new Int32Array(flags.length),
        fallback: new Uint8Array(flags.length),
      });
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += counts[name];
      seconds = (performance.now() - begin) / 1000;
      if (seconds > SAMPLE_SECONDS) break;
    }
    const perRow = total.rows === 0 ? 0 : seconds / total.rows;
    const scale = total.rows === 0 ? 0 : rows / total.rows;
    const tokens = (total.inputTokens + total.outputTokens) * scale;
    return {
      input: table.label,
      output: spec.output.path,
      rows,
      sample: { rows: total.rows, seconds, failed: total.failed, filtered: total.filtered },
      rows_per_second: perRow === 0 ? 0 : 1 / perRow,
      seconds: perRow * rows,
      input_tokens: Math.round(total.inputTokens * scale),
      output_tokens: Math.round(total.outputTokens * scale),
      cost: spec.cost === null ? null : (tokens / 1000) * spec.cost.perThousandTokens,
      partitions: Math.ceil(rows / work.partitionRows),
      models: work.columns.map(({ name, uri, precision }) => ({ column: name, uri, precision })),
    };
  } finally {
    await opened.close();
  }
}
