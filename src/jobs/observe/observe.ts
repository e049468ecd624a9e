import path from 'node:path';
import { packageVersion } from '../../files/packageVersion.js';
import { writeWhole } from '../../files/stateFile.js';
import type { JobRecord } from '../record.js';
import { type JobLog, type LogLevel, openLog } from './jobLog.js';
import { type MetricsServer, serveMetrics } from './metricsServer.js';
import { metricsText } from './metricsText.js';
import { openTraces, type Span, type Traces } from './traces.js';

export interface ObserveOptions {
  /** See metricsAddress. */
  readonly metricsPort?: string | null;
  /** For node_exporter's textfile collector: ends with .prom. */
  readonly metricsFile?: string | null;
  /** `-` is standard error. */
  readonly logFile?: string | null;
  readonly logLevel?: LogLevel;
  readonly logText?: boolean;
  readonly offline?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly say?: (line: string) => void;
}

/** Tells the world of jobs, one after the other: metrics, log lines, spans. */
export interface JobObserver {
  readonly metricsUrl: string | null;
  readonly log: JobLog | null;
  /** To be called when work on a job begins, after each commit, and with its last state. What is new since the last call is told. */
  update(record: JobRecord): void;
  /** A part of a job's work, such as publishing, as a span and in the log. */
  step<T>(job: string, name: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Seen {
  record: JobRecord;
  readonly span: Span | null;
}

/** Files are written no more often, in milliseconds. */
const EVERY = 5_000;

export async function observe(options: ObserveOptions): Promise<JobObserver> {
  const { metricsPort = null, metricsFile = null, logFile = null, offline, env, say = () => {} } = options;
  const jobs = new Map<string, Seen>();
  const text = () => metricsText([...jobs.values()].map(({ record }) => record));
  const { logLevel: level, logText } = options;
  const server = metricsPort === null ? null : await serveMetrics(metricsPort, text);
  const log = logFile === null ? null : openLog({ file: logFile, level, logText, say });
  const traces = openTraces({ version: packageVersion(), offline, env, say });
  return new Observer(jobs, server, log, traces, metricsFile === null ? null : new MetricsFile(metricsFile, text, say));
}

class Observer implements JobObserver {
  constructor(
    private readonly jobs: Map<string, Seen>,
    private readonly server: MetricsServer | null,
    readonly log: JobLog | null,
    private readonly traces: Traces | null,
    private readonly file: MetricsFile | null,
  ) {}

  get metricsUrl(): string | null {
    return this.server?.url ?? null;
  }

  update(record: JobRecord): void {
    const seen = this.jobs.get(record.id);
    // A job that is taken up again has told of its old partitions before.
    if (seen === undefined || (hasEnded(seen.record) && !hasEnded(record))) this.begin(record);
    const { record: before, span } = this.jobs.get(record.id)!;
    for (const partition of record.partitions.slice(before.partitions.length)) {
      this.log?.write('info', 'partition_committed', record.id, { ...partition });
      const end = Date.now();
      const { partition: index, ...attributes } = partition;
      const at = end - partition.seconds * 1000;
      this.traces
        ?.start('partition', { parent: span, attributes: { partition: index, ...attributes }, at })
        .end({ at: end });
    }
    for (const message of record.events.slice(before.events.length)) {
      this.log?.write('warn', 'engine_trouble', record.id, { message });
    }
    this.jobs.set(record.id, { record, span });
    if (hasEnded(record) && !hasEnded(before)) this.end(record, span);
    this.file?.write(hasEnded(record));
  }

  async step<T>(job: string, name: string, work: () => Promise<T>): Promise<T> {
    const span = this.traces?.start(name, { parent: this.jobs.get(job)?.span, attributes: { 'precis.job.id': job } });
    const start = performance.now();
    try {
      const result = await work();
      this.log?.write('info', `${name}_done`, job, { seconds: (performance.now() - start) / 1000 });
      span?.end();
      return result;
    } catch (error) {
      const { message } = error as Error;
      this.log?.write('error', `${name}_failed`, job, { message });
      span?.end({ error: message });
      throw error;
    }
  }

  async close(): Promise<void> {
    this.file?.write(true);
    // Whoever closes in the midst of a job was stopped.
    for (const { record, span } of this.jobs.values()) if (!hasEnded(record)) span?.end({ error: 'stopped' });
    await this.traces?.close();
    await this.server?.close();
    this.log?.close();
  }

  private begin(record: JobRecord): void {
    const { id, name, owner, input, output, rows_total, runs } = record;
    const model = [...new Set(record.models.map(({ uri }) => uri))].join(',');
    this.log?.write('info', 'job_started', id, { name, owner, input, output, model, rows_total, runs });
    const attributes = { 'precis.job.id': id, 'precis.job.name': name, 'precis.input': input, 'precis.output': output };
    const span = this.traces?.start('precis job', { attributes: { ...attributes, 'precis.model': model } }) ?? null;
    // Of a schedule's runs the last is told.
    for (const [other, seen] of this.jobs) {
      if (hasEnded(seen.record) && seen.record.name === name && seen.record.output === output) this.jobs.delete(other);
    }
    this.jobs.set(id, { record: { ...record, state: 'running' }, span });
  }

  private end(record: JobRecord, span: Span | null): void {
    const { id, state, problem, rows, succeeded, failed, filtered, retried, truncated, cost } = record;
    const { input_tokens, output_tokens, seconds, rows_per_second } = record;
    const figures = { rows, succeeded, failed, filtered, retried, truncated, input_tokens, output_tokens, seconds };
    const level: LogLevel = state === 'done' ? 'info' : state === 'failed' ? 'error' : 'warn';
    this.log?.write(level, 'job_ended', id, { state, problem, ...figures, rows_per_second, cost });
    span?.end({
      attributes: { 'precis.job.state': state, ...figures },
      error: state === 'done' ? null : (problem ?? state),
    });
  }
}

/** What cannot be written is said once and never stops a job. */
class MetricsFile {
  private written = Number.NEGATIVE_INFINITY;
  private hasFailed = false;

  constructor(
    private readonly file: string,
    private readonly text: () => string,
    private readonly say: (line: string) => void,
  ) {
    if (path.extname(file) !== '.prom') say(`${file} does not end with .prom: node_exporter would not read it`);
  }

  write(isLast: boolean): void {
    const now = performance.now();
    if (!isLast && now - this.written < EVERY) return;
    this.written = now;
    try {
      writeWhole(path.resolve(this.file), this.text(), false);
    } catch (error) {
      if (!this.hasFailed) this.say(`metrics are not written: ${(error as Error).message}`);
      this.hasFailed = true;
    }
  }
}

function hasEnded({ state }: JobRecord): boolean {
  return state !== 'running' && state !== 'planned';
}
