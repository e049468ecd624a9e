/**
 * The engine host: a child process that does nothing but run a crew of worker threads for its parent, so that a crash of native code, a kill or
 * a hang costs the tasks in it and nothing else. Its parent decides: it ends when it is told to, and at once when the parent is gone.
 */

import { Socket } from 'node:net';
import { Death } from './crew.js';
import { errorData } from './errorData.js';
import { FrameLink } from './frames.js';
import { HOST_CHANNEL, type HostReply, type HostRequest } from './messages.js';
import { ThreadCrew } from './threadCrew.js';

/** Signs of life, unless hangs are to be noticed sooner. */
const MOST_INTERVAL_MS = 1000;

const channel = new Socket({ fd: HOST_CHANNEL });
const link = new FrameLink<HostReply, HostRequest>(channel, handle);
let crew: ThreadCrew;

// A terminal's Ctrl-C reaches the whole process group; what it means is the parent's to decide.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Not process.exit: that would wait for threads, which may be inside native code for long.
channel.on('close', () => process.kill(process.pid, 'SIGKILL'));

function handle(request: HostRequest, body: Uint8Array<ArrayBuffer>): void {
  switch (request.kind) {
    case 'open':
      void open(request);
      return;
    case 'run':
      void run(request.task, body);
      return;
    case 'cancel':
      crew.cancel(request.task);
      return;
    case 'memory':
      tellAlive();
      return;
    case 'close':
      void close();
  }
}

async function open({ spec, settings, hangSeconds, maxRetries }: HostRequest & { kind: 'open' }): Promise<void> {
  tellAlive();
  setInterval(tellAlive, Math.min(MOST_INTERVAL_MS, (hangSeconds * 1000) / 5));
  crew = new ThreadCrew(spec, settings, {
    hangSeconds,
    maxRetries,
    onReady: (worker) => link.send({ kind: 'worker-ready', worker }),
    onStarted: (task) => link.send({ kind: 'started', task }),
    onStuck: (cause) => link.send({ kind: 'stuck', cause }),
  });
  try {
    await crew.open();
    link.send({ kind: 'ready' });
  } catch (error) {
    link.send({ kind: 'failed', error: errorData(error) });
  }
}

async function run(task: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    const onRows = (rows: number) => link.send({ kind: 'rows', task, rows });
    const outcome = await crew.run({ id: task, bytes, onRows });
    if ('error' in outcome) link.send({ kind: 'error', task, error: outcome.error });
    else link.send({ kind: 'answer', task, counts: outcome.value.counts }, outcome.value.bytes);
  } catch (error) {
    if (error instanceof Death) link.send({ kind: 'died', task, cause: error.message, running: error.running });
    else link.send({ kind: 'failed', error: errorData(error) });
  }
}

async function close(): Promise<void> {
  await crew.close();
  process.exit(0);
}

function tellAlive(): void {
  link.send({ kind: 'alive', peakBytes: process.resourceUsage().maxRSS * 1024 });
}
