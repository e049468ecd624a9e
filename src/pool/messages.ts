/** Every message of the pool: between a thread that owns workers and its worker threads, and between this process and an engine host. */

import type { MessagePort } from 'node:worker_threads';
import type { ErrorData } from './errorData.js';
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
  /** 1: the worker shall stand still at its next sign; see halt.ts. */
  halt: 2,
  /** 1: it does. */
  stands: 3,
  words: 4,
} as const;

/** The file descriptor of the channel, in the host. */
export const HOST_CHANNEL = 3;

/** To the engine host; each goes in a frame of its own (frames.ts). */
export type HostRequest =
  /** The first, and only one of it. */
  | {
      readonly kind: 'open';
      readonly spec: BatchFunctionSpec;
      readonly settings: readonly WorkerSetting[];
      readonly hangSeconds: number;
      readonly maxRetries: number;
    }
  /** The frame's body is the partition. */
  | { readonly kind: 'run'; readonly task: number }
  | { readonly kind: 'cancel'; readonly task: number }
  /** Answered by a sign of life. */
  | { readonly kind: 'memory' }
  | { readonly kind: 'close' };

/** From the engine host. Each task that it was given gets one `answer`, `error` or `died`. */
export type HostReply =
  | { readonly kind: 'alive'; readonly peakBytes: number }
  | { readonly kind: 'worker-ready'; readonly worker: number }
  /** All workers are. */
  | { readonly kind: 'ready' }
  /** The workers could not be opened, or one of them not again: nothing more is answered. */
  | { readonly kind: 'failed'; readonly error: ErrorData }
  /** A thread does not end: the whole process has to. */
  | { readonly kind: 'stuck'; readonly cause: string }
  | { readonly kind: 'started'; readonly task: number }
  | { readonly kind: 'rows'; readonly task: number; readonly rows: number }
  /** The frame's body is the answer. */
  | { readonly kind: 'answer'; readonly task: number; readonly counts: RunAnswer['counts'] }
  | { readonly kind: 'error'; readonly task: number; readonly error: ErrorData }
  | { readonly kind: 'died'; readonly task: number; readonly cause: string; readonly running: boolean };
