import type { JobRecord } from '../record.js';
import type { JobState } from '../types.js';

/** `suffix` as histograms need it. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | null, suffix?: string];

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  samples(record: JobRecord): readonly Sample[];
}

const STATES: readonly JobState[] = ['planned', 'running', 'interrupted', 'cancelled', 'failed', 'done'];
const BUCKETS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900];

/** Of Prometheus' text format, version 0.0.4. Names are documented in src/jobs/README.md and only ever added to. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const FAMILIES: readonly Family[] = [
  family('info', 'gauge', 'The job that the other metrics of this name speak of.', (job) => [
    [
      {
        id: job.id,
        owner: job.owner ?? '',
        input: job.input,
        output: job.output,
        model: [...new Set(job.models.map(({ uri }) => uri))].join(','),
        precis_version: job.precis_version,
      },
      1,
    ],
  ]),
  family('state', 'gauge', '1 for the state that the job is in.', (job) =>
    STATES.map((state) => [{ state }, job.state === state ? 1 : 0]),
  ),
  family('runs_total', 'counter', 'Processes that worked on the job.', (job) => [[{}, job.runs]]),
  family('rows_expected', 'gauge', 'Rows of the source, once they are known.', (job) => [[{}, job.rows_total]]),
  family('rows_total', 'counter', 'Rows that were committed, by what became of them.', (job) => [
    [{ result: 'succeeded' }, job.succeeded],
    [{ result: 'failed' }, job.failed],
    [{ result: 'filtered' }, job.filtered],
  ]),
  family(
    'rows_taken_over_total',
    'counter',
    'Rows that were not computed: from the last output or the cache.',
    (job) => [
      [{ from: 'output' }, job.carried],
      [{ from: 'cache' }, job.cached],
    ],
  ),
  family('rows_retried_total', 'counter', 'Rows that were tried again.', (job) => [[{}, job.retried]]),
  family('rows_truncated_total', 'counter', 'Rows whose text was longer than the model reads.', (job) => [
    [{}, job.truncated],
  ]),
  family('tokens_total', 'counter', 'Tokens that were read and written.', (job) => [
    [{ direction: 'input' }, job.input_tokens],
    [{ direction: 'output' }, job.output_tokens],
  ]),
  family('cost', 'gauge', 'Cost so far, in the unit of the spec.', (job) => [[{}, job.cost]]),
  family('rows_per_second', 'gauge', 'Rows committed a second, over all runs.', (job) => [[{}, job.rows_per_second]]),
  family('tokens_per_second', 'gauge', 'Tokens a second, over all runs.', (job) => [[{}, job.tokens_per_second]]),
  family('seconds_total', 'counter', 'Time at work, over all runs.', (job) => [[{}, job.seconds]]),
  family('phase_seconds_total', 'counter', 'Time in tables, in the engine, and in loading models.', (job) => [
    [{ phase: 'table' }, job.table_seconds],
    [{ phase: 'engine' }, job.engine_seconds],
    [{ phase: 'model_load' }, job.model_load_seconds],
  ]),
  family('cpu_seconds_total', 'counter', 'Processor time.', (job) => [[{}, job.cpu_seconds]]),
  family('peak_memory_bytes', 'gauge', 'The most memory a process held.', (job) => [
    [{ process: 'supervisor' }, job.peak_memory_bytes],
    [{ process: 'engine' }, job.engine_peak_memory_bytes],
  ]),
  family('events_total', 'counter', 'Workers that died and partitions that were tried again.', (job) => [
    [{}, job.events.length],
  ]),
  family('partition_seconds', 'histogram', 'Time from the first row of a partition to its commit.', partitionSeconds),
  family('length_drift_ratio', 'gauge', 'Mean tokens of a row against the mean of the last runs.', (job) => [
    [{ of: 'input' }, job.drift?.input_length ?? null],
    [{ of: 'output' }, job.drift?.output_length ?? null],
  ]),
  family('created_timestamp_seconds', 'gauge', 'When the job was made.', (job) => [[{}, unixSeconds(job.created_at)]]),
  family('ended_timestamp_seconds', 'gauge', 'When the job ended.', (job) => [[{}, unixSeconds(job.ended_at)]]),
];

/** One series a job's name, or its output where it has none; of several records of one name the last counts. */
export function metricsText(records: Iterable<JobRecord>): string {
  const byName = new Map<string, JobRecord>();
  for (const record of records) byName.set(record.name ?? record.output, record);
  const lines: string[] = [];
  for (const { name, type, help, samples } of FAMILIES) {
    const series = [...byName].flatMap(([job, record]) =>
      samples(record)
        .filter(([, value]) => value !== null)
        .map(
          ([labels, value, suffix = '']) => `${name}${suffix}${labelText({ name: job, ...labels })} ${number(value!)}`,
        ),
    );
    if (series.length > 0) lines.push(`# HELP ${name} ${escaped(help, false)}`, `# TYPE ${name} ${type}`, ...series);
  }
  return `${lines.join('\n')}\n`;
}

function family(name: string, type: Family['type'], help: string, samples: Family['samples']): Family {
  return { name: `precis_job_${name}`, type, help, samples };
}

function partitionSeconds({ partitions }: JobRecord): Sample[] {
  const upTo = (limit: number) => partitions.filter(({ seconds }) => seconds <= limit).length;
  return [
    ...BUCKETS.map((limit): Sample => [{ le: String(limit) }, upTo(limit), '_bucket']),
    [{ le: '+Inf' }, partitions.length, '_bucket'],
    [{}, partitions.reduce((sum, { seconds }) => sum + seconds, 0), '_sum'],
    [{}, partitions.length, '_count'],
  ];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value, true)}"`)
    .join(',')}}`;
}

function escaped(text: string, isLabel: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return isLabel ? escaped.replaceAll('"', '\\"') : escaped;
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function unixSeconds(time: string | null): number | null {
  return time === null ? null : Date.parse(time) / 1000;
}
