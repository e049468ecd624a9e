import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PrecisError } from '../errors.js';
import { receivedError, type SentError, sentError } from './sentError.js';

export interface ChildHow {
  /** On top of this process' own variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type Reply<Answer> = { readonly answer: Answer } | { readonly error: SentError };

/** Enough of a child's complaints to see what went wrong. */
const STDERR_BYTES = 4000;

/**
 * Runs a module in a fresh process, which calls `answerParent`: `input` goes to it, its answer comes back, and it ends. What is measured
 * there has the process to itself.
 */
export async function inChild<Answer>(module: URL, input: unknown, { env, signal }: ChildHow = {}): Promise<Answer> {
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(module), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  let complaints = '';
  child.stderr!.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-STDERR_BYTES);
  });
  const gone = new Promise((resolve) => child.once('error', resolve).once('exit', resolve));
  // Of a child that ends by itself: `close` comes when all its complaints are there, and not at all after a disconnect of ours.
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`did not start: ${error.message}`));
    child.once('close', (code, killedBy) => resolve(killedBy ? `was ended by ${killedBy}` : `ended with code ${code}`));
  });
  try {
    const answered = new Promise<Reply<Answer>>((resolve) => {
      child.once('message', (message) => resolve(message as Reply<Answer>));
      // A child that is gone already says so by its end.
      child.send(input as object, () => {});
    });
    const reply = await Promise.race([answered, ended]);
    signal?.throwIfAborted();
    if (typeof reply === 'string') throw new PrecisError('engine', brokenOff(reply, complaints));
    if ('error' in reply) throw receivedError(reply.error);
    return reply.answer;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.connected) child.disconnect();
    // The next one must not share the machine with what this one still gives back.
    await gone;
  }
}

/** The child's side: answers the one message that comes. A child whose parent is gone ends. */
export function answerParent<Input, Answer>(work: (input: Input) => Promise<Answer>): void {
  process.on('disconnect', () => process.exit());
  process.once('message', async (input) => {
    const reply = await work(input as Input).then(
      (answer) => ({ answer }),
      (error) => ({ error: sentError(error) }),
    );
    process.send!(reply);
  });
}

function brokenOff(how: string, complaints: string) {
  return {
    found: `the process that was measured ${how}`,
    expected: 'its answer',
    action: how.endsWith('SIGKILL') ? 'the system may have been out of memory: try fewer workers or rows' : undefined,
    details: complaints.trim().split('\n').filter(Boolean),
  };
}
