// Worker threads load onnxruntime; what this sets has to be set before, on the main thread.
import '../engine/noTelemetry.js';
import { PrecisError } from '../errors.js';
import { type Crew, type CrewTask, Death } from './crew.js';
import type { Outcome } from './errorData.js';
import type { RunAnswer } from './messages.js';
import type { BatchFunctionSpec, WorkerSetting } from './types.js';
import { WorkerThread } from './workerThread.js';

export interface ThreadCrewOptions {
  readonly hangSeconds: number;
  /** Starts of one worker that may fail, one after the other, before the crew gives up. */
  readonly maxRetries: number;
  readonly onReady: (worker: number) => void;
  readonly onStarted?: (task: number) => void;
  /** A thread that does not end, whatever we do: only the end of its process ends it. */
  readonly onStuck?: (cause: string) => void;
}

/** The place of one worker. */
interface Place {
  readonly setting: WorkerSetting;
  thread: WorkerThread | undefined;
  /** What a ready worker is doing; undefined while there is none that could do anything. */
  state: 'starting' | 'idle' | number;
}

interface Waiting {
  readonly task: CrewTask;
  readonly resolve: (answer: Outcome<RunAnswer>) => void;
  readonly reject: (error: unknown) => void;
}

/** How long those that run at the end may take to notice that they were cancelled. */
const NOTICE_MS = 2000;

/** Worker threads of this process. A dead one is replaced, and its place opens the function anew. */
export class ThreadCrew implements Crew {
  readonly room: number;
  private readonly places: Place[];
  private readonly waiting: Waiting[] = [];
  private readonly starts = new Set<Promise<void>>();
  /** Why no task is taken any more. */
  private over: PrecisError | undefined;
  private whenIdle: (() => void) | undefined;

  constructor(
    private readonly spec: BatchFunctionSpec,
    settings: readonly WorkerSetting[],
    private readonly options: ThreadCrewOptions,
  ) {
    this.room = 2 * settings.length;
    this.places = settings.map((setting) => ({ setting, thread: undefined, state: 'starting' }));
  }

  /** Resolves when all workers are ready; otherwise none is left. */
  async open(): Promise<void> {
    try {
      await Promise.all(this.places.map((place) => this.start(place)));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  run(task: CrewTask): Promise<Outcome<RunAnswer>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, resolve, reject });
      this.deal();
    });
  }

  cancel(id: number): void {
    const at = this.waiting.findIndex(({ task }) => task.id === id);
    if (at >= 0) this.waiting.splice(at, 1)[0].reject(new Death('cancelled', false));
    this.places.find((place) => place.state === id)?.thread?.cancel(id);
  }

  async peakBytes(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    this.finish(new PrecisError('pool', { found: 'the pool was closed' }));
    await this.noticed();
    await Promise.all(this.places.map((place) => this.closePlace(place)));
    await Promise.allSettled(this.starts);
  }

  private async closePlace(place: Place): Promise<void> {
    const ended = await place.thread?.close();
    if (ended === false) this.options.onStuck?.(`worker ${place.setting.worker} does not end`);
  }

  /** Gives tasks to idle workers. */
  private deal(): void {
    if (this.over) {
      for (const { reject } of this.waiting.splice(0)) reject(this.over);
      return;
    }
    for (const place of this.places) {
      if (place.state !== 'idle') continue;
      const next = this.waiting.shift();
      if (!next) return;
      void this.give(place, place.thread!, next);
    }
  }

  private async give(place: Place, thread: WorkerThread, { task, resolve, reject }: Waiting): Promise<void> {
    place.state = task.id;
    this.options.onStarted?.(task.id);
    try {
      const outcome = await thread.run(task);
      // Before the answer goes its way, the worker has the next task.
      if (place.thread === thread) place.state = 'idle';
      this.deal();
      resolve(outcome);
    } catch (error) {
      if (place.state === task.id) place.state = 'starting';
      reject(error);
    }
    if (this.places.every(({ state }) => typeof state !== 'number')) this.whenIdle?.();
  }

  /** Until the place's worker is ready. Gives up when one start after the other fails. */
  private async start(place: Place): Promise<void> {
    const causes: string[] = [];
    while (!this.over) {
      try {
        await this.startOnce(place);
        return;
      } catch (error) {
        if (!(error instanceof Death)) throw error;
        causes.push(error.message);
        if (causes.length <= this.options.maxRetries) continue;
        throw new PrecisError('pool', {
          found: `worker ${place.setting.worker} died ${causes.length} times while it was started (${error.message})`,
          expected: 'a worker that opens its function',
          details: causes,
        });
      }
    }
  }

  private async startOnce(place: Place): Promise<void> {
    let isOpen = false;
    place.state = 'starting';
    const thread = new WorkerThread(place.setting, {
      hangSeconds: this.options.hangSeconds,
      onDeath: (cause) => this.lost(place, thread, cause, isOpen),
    });
    place.thread = thread;
    try {
      await thread.open(this.spec);
    } catch (error) {
      await thread.end();
      throw error;
    }
    isOpen = true;
    if (this.over) return;
    place.state = 'idle';
    this.options.onReady(place.setting.worker);
    this.deal();
  }

  /** A worker died: its place gets another. While it was being opened, `start` sees to that. */
  private lost(place: Place, thread: WorkerThread, cause: string, wasOpen: boolean): void {
    void thread.end().then((ended) => {
      if (!ended) this.options.onStuck?.(`${cause} and does not end`);
    });
    if (!wasOpen || this.over) return;
    place.state = 'starting';
    const started = this.start(place).catch((error) => this.finish(error));
    this.starts.add(started);
    void started.finally(() => this.starts.delete(started));
  }

  private finish(reason: PrecisError): void {
    this.over ??= reason;
    this.deal();
    for (const { state, thread } of this.places) if (typeof state === 'number') thread?.cancel(state);
  }

  private async noticed(): Promise<void> {
    if (this.places.every(({ state }) => typeof state !== 'number')) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, NOTICE_MS);
      this.whenIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
