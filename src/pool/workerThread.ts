import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { compiledModule } from '../files/compiled.js';
import { type CrewTask, Death } from './crew.js';
import { type Outcome, valueOrThrow } from './errorData.js';
import { begins, ends, halted } from './halt.js';
import { type CancelMessage, type OpenTask, Pulse, type RunAnswer, type RunTask } from './messages.js';
import { watchSilence } from './silence.js';
import type { BatchFunctionSpec, WorkerSetting } from './types.js';

/** How long the function may take to close, and then the thread to end. */
const CLOSE_MS = 5000;
const END_MS = 5000;

export interface ThreadOptions {
  readonly hangSeconds: number;
  /** The thread ended without having been asked to, whether or not a task was running. */
  readonly onDeath: (cause: string) => void;
}

/**
 * One worker thread from its start to its end: a Piscina of a single thread. One Piscina for all of them would not do: a worker has a number
 * and a device, is watched and ended by itself, and a Piscina in which a thread died while it started never starts another.
 */
export class WorkerThread {
  private readonly piscina: Piscina;
  private readonly pulse = new SharedArrayBuffer(Pulse.words * Int32Array.BYTES_PER_ELEMENT);
  private readonly words = new Int32Array(this.pulse);
  private readonly control = new MessageChannel();
  private readonly name: string;
  /** Known as soon as the thread is dead or given up; the tasks that it had end with it. */
  private cause: string | undefined;
  private ended: Promise<boolean> | undefined;
  private calls = 0;

  constructor(
    private readonly setting: WorkerSetting,
    private readonly options: ThreadOptions,
  ) {
    this.name = `worker ${setting.worker}`;
    this.control.port1.unref();
    this.piscina = new Piscina({
      filename: compiledModule('./worker.js', import.meta.url).href,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
    });
    // Emitted for errors outside of tasks; without a listener they would end this process. The thread's end follows.
    this.piscina.on('error', (error: Error) => this.die(`${this.name} failed: ${described(error)}`));
    this.piscina.threads[0].once('error', (error) => this.die(`${this.name} failed: ${described(error)}`));
    this.piscina.threads[0].once('exit', (code) => this.die(`${this.name} exited with code ${code}`));
  }

  /** Rejects with a Death, or with what the function threw when it was opened. */
  async open(spec: BatchFunctionSpec): Promise<void> {
    const { setting, pulse, control } = this;
    const task: OpenTask = { spec, setting, pulse, control: control.port2 };
    valueOrThrow(await this.call<null>('open', task, [control.port2]), `${this.name} while it was opened`);
  }

  async run({ id, bytes, onRows }: CrewTask): Promise<Outcome<RunAnswer>> {
    const task: RunTask = { task: id, bytes };
    let rows = 0;
    return this.call<RunAnswer>('run', task, [bytes.buffer], () => {
      const done = Atomics.load(this.words, Pulse.rows);
      if (done !== rows) onRows(done);
      rows = done;
    });
  }

  cancel(id: number): void {
    this.control.port1.postMessage({ kind: 'cancel', task: id } satisfies CancelMessage);
  }

  /** Lets the function close itself if it is idle. False if the thread does not end: it is inside native code, where nothing reaches it. */
  async close(): Promise<boolean> {
    if (!this.cause && this.calls === 0)
      await within(
        CLOSE_MS,
        this.call('close', null, []).catch(() => undefined),
      );
    else if (!this.cause) await halted(this.words, () => this.calls > 0);
    this.cause ??= `${this.name} was closed`;
    return this.end();
  }

  /** Without asking the function. */
  end(): Promise<boolean> {
    this.control.port1.close();
    this.ended ??= within(END_MS, this.piscina.destroy());
    return this.ended;
  }

  private async call<Value>(
    name: 'open' | 'run' | 'close',
    task: OpenTask | RunTask | null,
    transferList: (MessagePort | ArrayBuffer)[],
    onLook?: () => void,
  ): Promise<Outcome<Value>> {
    const signs = () => Atomics.load(this.words, Pulse.signs);
    const onSilence = (seconds: number) => this.die(`${this.name} gave no sign for ${seconds} s`);
    // A Piscina that was destroyed would start another thread.
    if (this.cause) throw new Death(this.cause, false);
    if (this.calls++ === 0) begins(this.words);
    const stop = watchSilence({ seconds: this.options.hangSeconds, signs, onSilence, onLook });
    try {
      return await this.piscina.run(task, { name, transferList });
    } catch (error) {
      // The worker's own functions never throw: this is Piscina's word that the thread is gone.
      this.die(`${this.name} ended: ${described(error)}`);
      throw new Death(this.cause!, true);
    } finally {
      stop();
      if (--this.calls === 0) ends(this.words);
    }
  }

  private die(cause: string): void {
    if (this.cause) return;
    this.cause = cause;
    void this.end();
    this.options.onDeath(cause);
  }
}

/** What an exit code or an error outside of any task says of itself. */
function described(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Whether it came to its end in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
