/** Every message of the pool: between a thread that owns workers and its worker threads, and between this process and an engine host. */

import type { MessagePort } from 'node:worker_threads';
import type { BatchFunctionSpec, WorkerSetting } from './types.js';

/** The first task of a worker thread. */
export interface OpenTask {
  readonly spec: BatchFunctionSpec;
  readonly setting: WorkerSetting;
  /** Shared with the owner, who reads it while the worker's thread is busy; see Pulse. */
  readonly pulse: SharedArrayBuffer;
  /** Brings CancelMessages while a task runs. */
  readonly control: MessagePort;
}

/** One partition: its bytes are an Arrow IPC stream and are given away. */
export interface RunTask {
  readonly task: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Its bytes are an Arrow IPC stream with as many rows as the partition. */
export interface RunAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly counts: Readonly<Record<string, number>> | undefined;
}

export interface CancelMessage {
  readonly kind: 'cancel';
  readonly task: number;
}

/** The words of a worker's shared memory. */
export const Pulse = {
  /** Goes up with every sign of life. */
  signs: 0,
  /** Of the running task. */
  rows: 1,
  words: 2,
} as const;
