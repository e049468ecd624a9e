import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { MAIN, precisWith } from '../cli/precis.js';

/** A folder with a home, a table and as many outputs as a test wants. */
export class Workplace {
  readonly table: string;
  readonly precis: ReturnType<typeof precisWith>;
  private made = 0;

  constructor(
    readonly folder: string,
    readonly rows: number,
    textOf: (row: number) => string | null = (row) => `Text ${row}. More.`,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    this.precis = precisWith(path.join(folder, 'home'));
    this.table = path.join(folder, 'table.jsonl');
    const lines = Array.from({ length: rows }, (_, id) => `${JSON.stringify({ id, body: textOf(id) })}\n`);
    fs.writeFileSync(this.table, lines.join(''));
  }

  /** Writes a spec over the table and returns its path; its output is `out(spec)`. */
  spec(more: Record<string, unknown> = {}): { readonly file: string; readonly out: string } {
    const number = this.made++;
    const out = path.join(this.folder, `out-${number}.parquet`);
    const file = path.join(this.folder, `spec-${number}.json`);
    const spec = {
      source: this.table,
      output: out,
      model: 'builtin:echo?delayMs=5',
      columns: [{ name: 'summary', fn: 'summarize', text: 'body' }],
      key: ['id'],
      workers: 2,
      partitionRows: 50,
      ...more,
    };
    fs.writeFileSync(file, JSON.stringify(spec));
    return { file, out };
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
    const child = spawn(process.execPath, [...(env.NODE_ARGS?.split(' ') ?? []), MAIN, ...args], {
      env: { ...this.precis.env, ...env },
    });
    const end = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
    return { child, stdout: text(child.stdout), stderr: text(child.stderr), end };
  }

  /** The newest job. */
  job(): string {
    const [newest] = JSON.parse(this.precis(['job', 'list', '--json']).stdout).jobs;
    return newest.id;
  }

  record(id: string) {
    return JSON.parse(this.precis(['job', 'show', id, '--json']).stdout);
  }
}

export interface Started {
  readonly child: ChildProcess;
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
  /** The exit code, or the signal's name. */
  readonly end: Promise<number | string>;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
