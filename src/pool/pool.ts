import type { RecordBatch } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import type { Crew } from './crew.js';
import { HostCrew } from './hostCrew.js';
import { MapRun } from './mapRun.js';
import { checkSpec, type ResolvedPoolOptions, resolvePoolOptions } from './options.js';
import { Scheduler } from './scheduler.js';
import { ThreadCrew } from './threadCrew.js';
import type { BatchFunctionSpec, MapOptions, PartitionAnswer, Pool, PoolMemory, PoolOptions } from './types.js';

/** Answers that may wait for their turn, beside the partitions that the crew takes. */
const AHEAD = 2;

/** Opens the function in every worker; resolves when all are ready. */
export async function openPool(spec: BatchFunctionSpec, options: PoolOptions = {}): Promise<Pool> {
  checkSpec(spec);
  const resolved = resolvePoolOptions(options);
  const crew = resolved.isolation === 'process' ? hostCrew(spec, resolved) : threadCrew(spec, resolved);
  await crew.open();
  return new CrewPool(crew, resolved);
}

function hostCrew(spec: BatchFunctionSpec, options: ResolvedPoolOptions): HostCrew {
  return new HostCrew(spec, options.settings, options);
}

function threadCrew(spec: BatchFunctionSpec, options: ResolvedPoolOptions): ThreadCrew {
  const { settings, hangSeconds, maxRetries, onEvent } = options;
  const onReady = (worker: number) => onEvent({ kind: 'worker-ready', worker });
  return new ThreadCrew(spec, settings, { hangSeconds, maxRetries, onReady });
}

class CrewPool implements Pool {
  readonly workers: number;
  private readonly scheduler: Scheduler;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly crew: Crew,
    options: ResolvedPoolOptions,
  ) {
    this.workers = options.settings.length;
    this.scheduler = new Scheduler(crew, options);
  }

  async *map(
    partitions: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
    how: MapOptions = {},
  ): AsyncGenerator<PartitionAnswer, void, undefined> {
    const { signal } = how;
    signal?.throwIfAborted();
    if (this.closing) throw closed();
    const run = new MapRun(partitions, this.crew.room + AHEAD, how, {
      onReady: () => this.scheduler.deal(),
      onCancel: (task) => this.crew.cancel(task),
    });
    const abort = () => void run.stop(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.scheduler.add(run);
    try {
      for await (const answer of run.answers()) {
        yield answer;
        signal?.throwIfAborted();
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      this.scheduler.remove(run);
      await run.stop(new PrecisError('pool', { found: 'the answers are not wanted any more' }));
    }
  }

  async memory(): Promise<PoolMemory> {
    return { hostPeakBytes: await this.crew.peakBytes() };
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.scheduler.stop(closed());
    await this.crew.close();
  }
}

function closed(): PrecisError {
  return new PrecisError('pool', { found: 'the pool was closed', action: 'open another' });
}
