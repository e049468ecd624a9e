import type { Outcome } from './errorData.js';
import type { RunAnswer } from './messages.js';

/** A partition on its way to a worker. */
export interface CrewTask {
  readonly id: number;
  /** An Arrow IPC stream whose buffer is given away. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows done so far, now and then. */
  readonly onRows: (rows: number) => void;
}

/** Workers that run tasks: threads of this process, or an engine host with threads of its own. */
export interface Crew {
  /** Tasks that it takes at a time: those that run and a few that wait beside the workers, so that none waits for the map. */
  readonly room: number;
  /** Rejects with a Death if the worker or the host died on it, with a PrecisError if the crew has given up. */
  run(task: CrewTask): Promise<Outcome<RunAnswer>>;
  /** A task that waits is dropped; one that runs is asked to end. Its promise settles when its worker is free. */
  cancel(id: number): void;
  /** Of the engine host; null where there is none. */
  peakBytes(): Promise<number | null>;
  close(): Promise<void>;
}

/** The end of a worker or a host, which is nobody's answer: what it had is tried again elsewhere. */
export class Death extends Error {
  constructor(
    /** What happened to whom. */
    cause: string,
    /** Whether the task was running; one that still waited was not tried. */
    readonly running: boolean,
    /** Tasks that were running when a host died; any of them may have been the reason. */
    readonly suspects = 1,
  ) {
    super(cause);
  }
}
