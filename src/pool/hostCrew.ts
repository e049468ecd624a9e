import { PrecisError } from '../errors.js';
import { type Crew, type CrewTask, Death } from './crew.js';
import { errorFromData, type Outcome } from './errorData.js';
import { HostProcess } from './hostProcess.js';
import type { HostReply, RunAnswer } from './messages.js';
import type { BatchFunctionSpec, PoolEvent, WorkerSetting } from './types.js';

export interface HostCrewOptions {
  readonly hangSeconds: number;
  /** Hosts that may die while they start, one after the other, before the crew gives up. */
  readonly maxRetries: number;
  readonly onEvent: (event: PoolEvent) => void;
}

/** A task that the host has or will have. */
interface Pending {
  readonly task: CrewTask;
  readonly resolve: (outcome: Outcome<RunAnswer>) => void;
  readonly reject: (error: unknown) => void;
  state: 'kept' | 'sent' | 'running';
}

/** Worker threads in an engine host; a host that died is replaced by another. */
export class HostCrew implements Crew {
  readonly room: number;
  /** By number, in the order in which they came. */
  private readonly pending = new Map<number, Pending>();
  private host: HostProcess | undefined;
  private ready = false;
  private over: PrecisError | undefined;
  private failedStarts: string[] = [];
  private peak = 0;
  private onPeak: (() => void)[] = [];
  private onOpen: { resolve: () => void; reject: (error: PrecisError) => void } | undefined;

  constructor(
    private readonly spec: BatchFunctionSpec,
    private readonly settings: readonly WorkerSetting[],
    private readonly options: HostCrewOptions,
  ) {
    this.room = 2 * settings.length;
  }

  async open(): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.onOpen = { resolve, reject };
        this.start();
      });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  run(task: CrewTask): Promise<Outcome<RunAnswer>> {
    if (this.over) return Promise.reject(this.over);
    return new Promise((resolve, reject) => {
      const pending: Pending = { task, resolve, reject, state: 'kept' };
      this.pending.set(task.id, pending);
      this.host?.hold(true);
      if (this.ready) this.send(pending);
    });
  }

  cancel(id: number): void {
    const pending = this.pending.get(id);
    if (pending?.state === 'kept') this.settle(id)?.reject(new Death('cancelled', false));
    else if (pending) this.host?.send({ kind: 'cancel', task: id });
  }

  /** The highest of all hosts so far. */
  async peakBytes(): Promise<number> {
    if (this.ready) {
      await new Promise<void>((resolve) => {
        this.onPeak.push(resolve);
        this.host?.hold(true);
        this.host?.send({ kind: 'memory' });
      });
    }
    return this.peak;
  }

  async close(): Promise<void> {
    this.giveUp(new PrecisError('pool', { found: 'the pool was closed' }));
    await this.host?.close();
    this.ready = false;
    this.heard();
  }

  private start(): void {
    this.host = new HostProcess({
      hangSeconds: this.options.hangSeconds,
      onReply: (reply, body) => this.receive(reply, body),
      onDeath: (cause) => this.died(cause),
    });
    const { spec, settings } = this;
    const { hangSeconds, maxRetries } = this.options;
    this.host.send({ kind: 'open', spec, settings, hangSeconds, maxRetries });
    if (this.host.pid !== undefined) this.options.onEvent({ kind: 'host-started', pid: this.host.pid });
  }

  private send(pending: Pending): void {
    pending.state = 'sent';
    this.host!.send({ kind: 'run', task: pending.task.id }, pending.task.bytes);
  }

  private receive(reply: HostReply, bytes: Uint8Array<ArrayBuffer>): void {
    switch (reply.kind) {
      case 'alive':
        this.peak = Math.max(this.peak, reply.peakBytes);
        this.heard();
        return;
      case 'worker-ready':
        this.options.onEvent(reply);
        return;
      case 'ready':
        this.becomeReady();
        return;
      case 'failed':
        this.giveUp(errorFromData(reply.error, 'the engine host'));
        return;
      case 'stuck':
        this.host?.kill(`${reply.cause}, and the engine host was ended`);
        return;
      case 'started':
        if (this.pending.has(reply.task)) this.pending.get(reply.task)!.state = 'running';
        return;
      case 'rows':
        this.pending.get(reply.task)?.task.onRows(reply.rows);
        return;
      case 'answer':
        this.settle(reply.task)?.resolve({ value: { bytes, counts: reply.counts } });
        return;
      case 'error':
        this.settle(reply.task)?.resolve({ error: reply.error });
        return;
      case 'died':
        this.settle(reply.task)?.reject(new Death(reply.cause, reply.running));
    }
  }

  private becomeReady(): void {
    this.ready = true;
    this.failedStarts = [];
    for (const pending of this.pending.values()) this.send(pending);
    this.release();
    this.onOpen?.resolve();
  }

  /** The host is gone with all that it had; what was kept waits for the next. */
  private died(cause: string): void {
    const sent = [...this.pending.values()].filter(({ state }) => state !== 'kept');
    const known = sent.filter(({ state }) => state === 'running');
    // Its last words may have been lost: then those count that it was given first.
    const running = known.length > 0 ? known : sent.slice(0, this.settings.length);
    const wasReady = this.ready;
    this.ready = false;
    this.heard();
    if (!wasReady) this.failedStarts.push(cause);
    if (this.failedStarts.length > this.options.maxRetries) this.giveUp(this.startFailure(cause));
    else if (!this.over) this.start();
    for (const pending of sent) {
      this.settle(pending.task.id)?.reject(new Death(cause, running.includes(pending), running.length));
    }
  }

  private startFailure(cause: string): PrecisError {
    return new PrecisError('pool', {
      found: `the engine host died ${this.failedStarts.length} times while it was started (${cause})`,
      expected: 'a host that opens its function',
      details: [...this.failedStarts],
    });
  }

  private giveUp(reason: PrecisError): void {
    this.over ??= reason;
    this.onOpen?.reject(reason);
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(reason);
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    this.release();
    return pending;
  }

  private release(): void {
    if (this.ready && this.pending.size === 0 && this.onPeak.length === 0) this.host?.hold(false);
  }

  private heard(): void {
    for (const resolve of this.onPeak.splice(0)) resolve();
    this.release();
  }
}
