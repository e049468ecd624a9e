import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { engineVariables } from '../engine/environment.js';
import { compiledModule } from '../files/compiled.js';
import { FrameLink, type OnFrame } from './frames.js';
import { HOST_CHANNEL, type HostReply, type HostRequest } from './messages.js';
import { watchSilence } from './silence.js';

/** Until one that was asked to end is killed. More than its threads get. */
const END_MS = 15_000;
/**
 * Megabytes of a thread's youngest objects before they are looked through. With V8's own 16 a host of two workers took 40 MB more, mostly for
 * buffers of messages that nobody needed any longer.
 */
const YOUNG_MB = 4;
/** What is kept of its last words. */
const TAIL_CHARACTERS = 4000;

export interface HostProcessOptions {
  readonly hangSeconds: number;
  readonly onReply: OnFrame<HostReply>;
  /** It ended without having been asked to. All that it had sent was handed on before. */
  readonly onDeath: (cause: string) => void;
}

/** One engine host from its start to its end. */
export class HostProcess {
  private readonly child: ChildProcess;
  private readonly channel: Socket;
  private readonly stderr: Socket;
  private readonly link: FrameLink<HostRequest, HostReply>;
  private readonly ended: Promise<void>;
  private signs = 0;
  private lastWords = '';
  private closing = false;
  /** Why we killed it. */
  private killed: string | undefined;

  constructor(private readonly options: HostProcessOptions) {
    const host = fileURLToPath(compiledModule('./host.js', import.meta.url));
    this.child = spawn(process.execPath, [`--max-semi-space-size=${YOUNG_MB}`, host], {
      // Nothing of a function's may get between the bytes of a command's standard output.
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...engineVariables() },
    });
    this.channel = this.child.stdio[HOST_CHANNEL] as Socket;
    this.stderr = this.child.stderr as Socket;
    this.stderr.on('data', (data: Buffer) => this.passOn(data));
    this.link = new FrameLink(this.channel, (reply, body) => this.receive(reply, body));
    const stopWatch = watchSilence({
      seconds: options.hangSeconds,
      signs: () => this.signs,
      onSilence: (seconds) => this.kill(`the engine host gave no sign for ${seconds} s`),
    });
    this.ended = new Promise((resolve) => {
      const end = (cause: string) => {
        stopWatch();
        resolve();
        if (!this.closing) options.onDeath(cause);
      };
      this.child.once('error', (error) => end(`the engine host could not be started: ${error.message}`));
      // Its last answers may still lie in the channel. Its standard error may be held open by what it started itself.
      this.child.once('exit', (code, signal) => {
        if (this.channel.closed) end(this.cause(code, signal));
        else this.channel.once('close', () => end(this.cause(code, signal)));
      });
    });
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  send(request: HostRequest, body?: Uint8Array): void {
    this.link.send(request, body);
  }

  kill(cause: string): void {
    this.killed ??= cause;
    this.child.kill('SIGKILL');
  }

  /** Whether it keeps our process alive. It need not while nothing is asked of it: it ends with us. */
  hold(held: boolean): void {
    for (const handle of [this.child, this.channel, this.stderr]) held ? handle.ref() : handle.unref();
  }

  async close(): Promise<void> {
    this.closing = true;
    this.hold(true);
    this.send({ kind: 'close' });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private receive(reply: HostReply, body: Uint8Array<ArrayBuffer>): void {
    this.signs++;
    this.options.onReply(reply, body);
  }

  private passOn(data: Buffer): void {
    process.stderr.write(data);
    this.lastWords = (this.lastWords + data.toString()).slice(-TAIL_CHARACTERS);
  }

  private cause(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.killed) return this.killed;
    const end = signal ? `the engine host was killed by ${signal}` : `the engine host exited with code ${code}`;
    // What V8 says when memory ran out.
    const fatal = /^FATAL ERROR: (.*)$/m.exec(this.lastWords)?.[1];
    return fatal ? `${end} (${fatal})` : end;
  }
}
