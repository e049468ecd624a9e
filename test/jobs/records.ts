import type { JobRecord } from '../../src/jobs/record.js';

/** A job that ended well; what matters to a test is named by it. */
export function jobRecord(changes: Partial<JobRecord> = {}): JobRecord {
  return {
    id: 'j1',
    name: 'nightly',
    owner: null,
    state: 'done',
    problem: null,
    precis_version: '0.1.0',
    input: 'documents.parquet',
    output: 'out.parquet',
    version: null,
    models: [{ column: 'summary', uri: 'builtin:echo', hash: null, precision: 'fp32' }],
    created_at: '2026-03-01T02:00:00.000Z',
    started_at: '2026-03-01T02:00:00.000Z',
    ended_at: '2026-03-01T02:00:10.000Z',
    runs: 1,
    rows_total: 100,
    rows: 100,
    succeeded: 95,
    failed: 2,
    filtered: 3,
    carried: 0,
    cached: 0,
    retried: 4,
    truncated: 1,
    input_tokens: 9500,
    output_tokens: 950,
    cost: null,
    partitions: [],
    seconds: 10,
    rows_per_second: 10,
    tokens_per_second: 1045,
    model_load_seconds: 0.5,
    table_seconds: 1.25,
    engine_seconds: 8,
    peak_memory_bytes: 123456789,
    engine_peak_memory_bytes: null,
    cpu_seconds: 12.5,
    events: [],
    drift: null,
    failed_rows: null,
    ...changes,
  };
}

export function partition(index: number, seconds: number): JobRecord['partitions'][number] {
  return { partition: index, rows: 50, failed: 0, seconds, input_tokens: 5000, output_tokens: 500 };
}
