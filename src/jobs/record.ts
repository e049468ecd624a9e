import type { JobState } from './types.js';

/** What is known of a job: `job show --json` prints it, `record.json` keeps it. Its fields are documented in src/jobs/README.md and only ever added to. */
export interface JobRecord {
  readonly id: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly state: JobState;
  /** One line, if the state says that something is wrong. */
  readonly problem: string | null;
  readonly precis_version: string;
  readonly input: string;
  readonly output: string;
  /** Of a Delta table: the version that was made. */
  readonly version: number | null;
  readonly models: readonly {
    readonly column: string;
    readonly uri: string;
    readonly hash: string | null;
    readonly precision: string;
  }[];
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  /** Processes that worked on it: one more for each resume. */
  readonly runs: number;
  /** Of the source; null while it is not known. */
  readonly rows_total: number | null;
  /** Committed so far, over all runs. rows = succeeded + failed + filtered. */
  readonly rows: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly filtered: number;
  /** Rows that were taken over from the last output, and from the cache; part of succeeded. */
  readonly carried: number;
  readonly cached: number;
  /** Rows that were tried again, by their own or the fallback model. */
  readonly retried: number;
  readonly truncated: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost: number | null;
  readonly partitions: readonly PartitionRecord[];
  /** Of all runs. */
  readonly seconds: number;
  readonly rows_per_second: number;
  readonly tokens_per_second: number;
  readonly model_load_seconds: number;
  /** Reading and writing tables, and waiting for the engine. */
  readonly table_seconds: number;
  readonly engine_seconds: number;
  readonly peak_memory_bytes: number;
  readonly engine_peak_memory_bytes: number | null;
  readonly cpu_seconds: number;
  /** Workers that died, partitions tried again: one line each. */
  readonly events: readonly string[];
  /** Mean tokens of this job against the mean of the last runs of the same name or output; null without any. */
  readonly drift: { readonly input_length: number; readonly output_length: number; readonly runs: number } | null;
  readonly failed_rows: string | null;
}

export interface PartitionRecord {
  readonly partition: number;
  readonly rows: number;
  readonly failed: number;
  readonly seconds: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}
