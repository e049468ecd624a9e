import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { TreeMemory, type TreePeaks } from './treeMemory.js';

const CLI = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.js');

/** What `precis summarize --json` prints, as far as it is used here. */
export interface JobRecord {
  readonly rows: number;
  readonly seconds: number;
}

export interface MeasuredRun<Answer> {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly memory: TreePeaks;
  readonly answer: Answer;
}

/** A job of the command line, from a table to a new one at `out`. */
export async function summarize(input: string, out: string, args: readonly string[]): Promise<MeasuredRun<JobRecord>> {
  mkdirSync(path.dirname(out), { recursive: true });
  rmSync(out, { force: true });
  return await measured<JobRecord>([CLI, 'summarize', input, '--out', out, '--json', ...args]);
}

/** Runs a Node program that prints one JSON value, and watches its processes' memory. */
export async function measured<Answer>(args: readonly string[]): Promise<MeasuredRun<Answer>> {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const memory = new TreeMemory(child.pid!);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - begin) / 1000;
  const peaks = memory.stop();
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}\n${stderr}`);
  return { seconds, memory: peaks, answer: JSON.parse(stdout) as Answer };
}
