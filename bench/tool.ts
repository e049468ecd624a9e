import { spawn } from 'node:child_process';

/** Says on stderr what is being done: the benchmark takes minutes, and stdout is for its table. */
export function say(what: string): void {
  process.stderr.write(`${what}\n`);
}

export interface ToolResult {
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs a program to its end; a failure shows what it printed. */
export async function runTool(
  what: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ToolResult> {
  if (what) say(what);
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${Buffer.concat(stderr)}`);
  return { seconds, stdout: Buffer.concat(stdout).toString() };
}
