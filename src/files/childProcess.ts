import { spawn } from 'node:child_process';

export interface ChildResult {
  /** `exited` with 0, `failed` with another code, ended by a signal, ran past the time limit, or never started. */
  readonly end: 'exited' | 'failed' | 'killed' | 'timeout' | 'unstarted';
  /** Of an end that is none: `exit code 3`, `SIGSEGV`, `no end after 30 s`. */
  readonly reason: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** More of a child's output than this is not for reading. */
const MOST_OUTPUT = 1 << 20;

/** Runs a module of ours in a process of its own that may crash or hang without harm to this one. */
export async function runNode(args: readonly string[], seconds: number): Promise<ChildResult> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      if (output[name].length < MOST_OUTPUT) output[name] += chunk;
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...end) => resolve(end));
    });
    if (late) return { end: 'timeout', reason: `no end after ${seconds} s`, ...output };
    if (signal) return { end: 'killed', reason: signal, ...output };
    return { end: code === 0 ? 'exited' : 'failed', reason: `exit code ${code}`, ...output };
  } catch (error) {
    return { end: 'unstarted', reason: (error as Error).message, ...output };
  } finally {
    clearTimeout(timer);
  }
}
