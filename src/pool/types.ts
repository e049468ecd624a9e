import type { RecordBatch } from 'apache-arrow';

/** A function over record batches, found by a worker: a module's URL and the name of what it exports (an `OpenBatchFunction`). */
export interface BatchFunctionSpec {
  readonly module: string;
  readonly exportName: string;
  /** Plain data that survives a structured clone. */
  readonly options: unknown;
}

/** What a worker is, told to the function when it is opened. */
export interface WorkerSetting {
  /** From 0. A worker that takes the place of a dead one has its number. */
  readonly worker: number;
  /** `cpu` or `cuda:N`. */
  readonly device: string;
  readonly threads: number;
}

/** What comes back for a batch: as many rows as went in, in their order. */
export interface BatchAnswer {
  readonly batch: RecordBatch;
  /** Added up over all partitions by name (input_tokens, truncated, failed, ...). */
  readonly counts?: Readonly<Record<string, number>>;
}

export interface RunContext {
  /** To be called now and then while a batch takes long: a worker that is silent for too long is taken for hung. */
  readonly alive: (rowsDone?: number) => void;
  /** Aborted when nobody wants the answer any more. */
  readonly signal?: AbortSignal;
}

export interface BatchFunction {
  /** Called again when the last call has ended. An error that it throws ends the map; it is not tried again. */
  run(batch: RecordBatch, context: RunContext): Promise<BatchAnswer>;
  close?(): Promise<void>;
}

/** Called once in each worker. */
export type OpenBatchFunction<Options = unknown> = (
  options: Options,
  setting: WorkerSetting,
  /** To be called now and then while opening takes long, as RunContext.alive. */
  alive: () => void,
) => BatchFunction | Promise<BatchFunction>;

export interface PoolOptions {
  /** As many as the machine has cores, by default and at least one a device; with GPUs alone one a device. */
  readonly workers?: number;
  /** Given to the workers in turn; `cpu` by default. */
  readonly devices?: readonly string[];
  readonly threadsPerWorker?: number;
  /**
   * `process`: worker threads in an engine host child process, whose death costs a retry, and whose standard output goes nowhere; `thread` (default):
   * worker threads here, where a worker inside native code cannot be ended and a crash of native code is a crash of everything.
   */
  readonly isolation?: 'process' | 'thread';
  /** How often a partition is tried again after a worker or a host died on it; 3 by default. */
  readonly maxRetries?: number;
  /** Seconds without a sign of life after which a worker or a host counts as hung; 300 by default. */
  readonly hangSeconds?: number;
  readonly onEvent?: (event: PoolEvent) => void;
}

/** What a user may want to hear of. */
export type PoolEvent =
  | { readonly kind: 'host-started'; readonly pid: number }
  | { readonly kind: 'worker-ready'; readonly worker: number }
  /** `cause` says what happened to whom: `worker 1 exited with code 1`, `the engine host was killed by SIGSEGV`, `... gave no sign for 300 s`. */
  | { readonly kind: 'retry'; readonly partition: number; readonly attempt: number; readonly cause: string }
  /** Rows of all maps so far, those of running partitions included as far as their function tells. */
  | { readonly kind: 'progress'; readonly rows: number };

/** What one partition became. */
export interface PartitionAnswer extends BatchAnswer {
  readonly partition: number;
  readonly attempts: number;
}

/** A partition whose worker or host died on every attempt. */
export interface GivenUp {
  readonly partition: number;
  readonly batch: RecordBatch;
  /** The last death, as PoolEvent tells it. */
  readonly cause: string;
  /** Others ran when the host died the last time: it may have been one of them. */
  readonly isShared: boolean;
}

export interface MapOptions {
  readonly signal?: AbortSignal;
  /** Instead of the pool's own. */
  readonly maxRetries?: number;
  /** While one of these partitions runs nothing else does, so that a death is its own. */
  readonly alone?: boolean;
  /** The number of the first partition in events and errors; 0 by default. */
  readonly firstPartition?: number;
  /** Answers a partition that was given up; without it such a partition fails the map. The others go on meanwhile. */
  readonly onGivenUp?: (given: GivenUp) => Promise<BatchAnswer>;
}

export interface PoolMemory {
  /** Peak resident bytes of the engine host; null when the workers live in this process. */
  readonly hostPeakBytes: number | null;
}

/** Implemented in pool.ts; `openPool(spec, options)` makes one. */
export interface Pool {
  readonly workers: number;
  /**
   * Answers in the order of the partitions. At most twice the workers and two partitions are pulled and not yet handed over. Calls may overlap; the
   * workers are shared between them in turn. An error of a partition or of the source comes after the answers before it. Nothing is pulled before
   * the first answer is asked for; `return()` and the signal end all work.
   */
  map(partitions: AsyncIterable<RecordBatch> | Iterable<RecordBatch>, how?: MapOptions): AsyncIterable<PartitionAnswer>;
  memory(): Promise<PoolMemory>;
  /** Cancels what runs, lets the functions close and ends threads and host. */
  close(): Promise<void>;
}
