import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ErrorScope, PrecisError } from '../errors.js';

export interface ChildHow {
  /** On top of this process' own variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type Reply<Answer> = { readonly answer: Answer } | { readonly error: SentError };

interface SentError {
  readonly scope: ErrorScope;
  readonly message: string;
  readonly details: readonly string[];
}

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
  try {
    const reply = await new Promise<Reply<Answer> | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('message', (message) => resolve(message as Reply<Answer>));
      child.once('close', (code, killedBy) =>
        resolve(killedBy ? `was ended by ${killedBy}` : `ended with code ${code}`),
      );
      child.send(input as object);
    });
    signal?.throwIfAborted();
    if (typeof reply === 'string') throw new PrecisError('engine', brokenOff(reply, complaints));
    if ('error' in reply) throw received(reply.error);
    return reply.answer;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.connected) child.disconnect();
  }
}

/** The child's side: answers the one message that comes. A child whose parent is gone ends. */
export function answerParent<Input, Answer>(work: (input: Input) => Promise<Answer>): void {
  process.on('disconnect', () => process.exit());
  process.once('message', async (input) => {
    process.send!(await work(input as Input).then((answer) => ({ answer }), sent));
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

function sent(error: unknown): { error: SentError } {
  if (error instanceof PrecisError) {
    return { error: { scope: error.scope, message: error.message, details: error.details } };
  }
  const { message, stack } = error as Error;
  return { error: { scope: 'internal', message, details: stack?.split('\n').slice(1) ?? [] } };
}

/** A message begins with its scope already. */
function received({ scope, message, details }: SentError): PrecisError {
  return new PrecisError(scope, { found: message.replace(`[${scope}] `, ''), details });
}
