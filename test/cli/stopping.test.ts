import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, precisWith, withoutProgress } from './precis.js';
import { hostOf, isLinux, until } from './processes.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-stopping-'));
const { env } = precisWith(path.join(scratch, 'home'));
const TABLE = path.join(scratch, 'table.jsonl');
const ROWS = 400;
if (!isLinux) console.log('skipped: the processes of another one are only told by Linux');

beforeAll(() => {
  const rows = Array.from({ length: ROWS }, (_, i) => `${JSON.stringify({ id: i, body: `Text ${i}. More.` })}\n`);
  writeFileSync(TABLE, rows.join(''));
});
afterAll(() => rmSync(scratch, { recursive: true }));

interface Started {
  readonly child: ChildProcess;
  readonly out: string;
  readonly folder: string;
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
  /** The exit code. */
  readonly end: Promise<number | null>;
}

let made = 0;

/** A run with `delayMs` for each row and a folder of its own for what it writes. */
function start(delayMs: number, more: readonly string[] = []): Started {
  const folder = path.join(scratch, `run-${made++}`);
  mkdirSync(folder);
  const out = path.join(folder, 'out.jsonl');
  const model = ['--model', `builtin:echo?delayMs=${delayMs}`, '--workers', '2', '--partition-rows', '10'];
  const args = [MAIN, 'summarize', TABLE, '--text', 'body', '--out', out, ...model, ...more];
  const child = spawn(process.execPath, args, { env });
  const end = once(child, 'close').then(([code]) => code as number | null);
  return { child, out, folder, stdout: text(child.stdout!), stderr: text(child.stderr!), end };
}

/** It has an engine host, and has begun to write. */
async function underWay({ child, folder }: Started): Promise<number> {
  const host = await until(() => hostOf(child.pid as number));
  await until(() => readdirSync(folder).length > 0);
  return host;
}

describe.skipIf(!isLinux)('a run that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s leaves no output, no temporary file and no process',
    async (signal) => {
      const run = start(20);
      const host = await underWay(run);
      run.child.kill(signal);
      expect(await run.end).toBe(130);
      expect(readdirSync(run.folder)).toEqual([]);
      expect(existsSync(`/proc/${host}`)).toBe(false);
      expect(await run.stdout).toBe('');
      const [, told, id] = /^(.*); precis job resume (\S+) goes on\n$/.exec(withoutProgress(await run.stderr))!;
      expect(told).toBe(`precis: interrupted: ${run.out} is as it was`);
      // And it does.
      expect(spawnSync(process.execPath, [MAIN, 'job', 'resume', id], { env }).status).toBe(0);
      expect(readFileSync(run.out, 'utf8').trimEnd().split('\n')).toHaveLength(ROWS);
    },
  );

  it('leaves a table that was there as it was', async () => {
    const run = start(20, ['--overwrite']);
    writeFileSync(run.out, '{"old": true}\n');
    await until(() => hostOf(run.child.pid as number));
    await until(() => readdirSync(run.folder).length > 1);
    run.child.kill('SIGINT');
    expect(await run.end).toBe(130);
    expect(readFileSync(run.out, 'utf8')).toBe('{"old": true}\n');
    expect(readdirSync(run.folder)).toEqual(['out.jsonl']);
  });

  it('twice ends at once, and leaves nothing either', async () => {
    const run = start(20);
    const host = await underWay(run);
    run.child.kill('SIGINT');
    run.child.kill('SIGINT');
    expect(await run.end).toBe(130);
    await until(() => !existsSync(`/proc/${host}`));
    expect(readdirSync(run.folder)).toEqual([]);
  });

  it('in a terminal by Ctrl-C, which reaches the engine host as well', async () => {
    const run = start(20);
    const host = await underWay(run);
    process.kill(host, 'SIGINT');
    run.child.kill('SIGINT');
    expect(await run.end).toBe(130);
    expect(existsSync(`/proc/${host}`)).toBe(false);
    expect(readdirSync(run.folder)).toEqual([]);
  });
});

describe.skipIf(!isLinux)('a run whose engine host is killed', () => {
  it('does its work again and names the cause in the summary', async () => {
    const model = ['--model', 'builtin:echo?delayMs=10', '--workers', '2', '--partition-rows', '10'];
    const child = spawn(process.execPath, [MAIN, 'summarize', TABLE, '--text', 'body', '--out', '-', ...model], {
      env,
    });
    const stdout = buffer(child.stdout);
    const stderr = text(child.stderr);
    // The schema comes before any engine is asked, the first answers after that.
    await once(child.stdout, 'data');
    await once(child.stdout, 'data');
    process.kill(hostOf(child.pid as number) as number, 'SIGKILL');
    expect(await once(child, 'close')).toEqual([0, null]);
    const summary = await stderr;
    expect(summary).toMatch(/^retries +\d+$/m);
    expect(summary).toMatch(/^precis: partition \d+ is tried again: the engine host was killed by SIGKILL$/m);
    expect(summary).toMatch(/^ +(\d+ times: )?the engine host was killed by SIGKILL$/m);
    const table = tableFromIPC(await stdout);
    const expected = Array.from({ length: ROWS }, (_, i) => `Text ${i}. More.`);
    expect([...table.getChild('id')!].map(Number)).toEqual(expected.map((_, i) => i));
    expect(table.getChild('generated_summary')!.toJSON()).toEqual(expected);
  });
});

describe('progress', () => {
  it('is a plain line every few seconds where there is no terminal', async () => {
    const run = start(40, ['--limit', '300']);
    expect(await run.end).toBe(0);
    const lines = (await run.stderr).trimEnd().split('\n');
    for (const line of lines) {
      expect(line).toMatch(/^precis: \d+ of 300 rows(, [\d.]+ rows\/s, [\d.,]+ tokens\/s(, \d:\d\d left)?)?$/);
    }
    expect(lines[0]).toMatch(/rows\/s/);
  });

  const hasScript = spawnSync('script', ['--version']).status === 0;
  if (!hasScript) console.log('skipped: there is no `script` to make a terminal with');

  it.skipIf(!hasScript)('is a bar on a terminal, which is gone at the end', () => {
    const out = path.join(scratch, 'terminal.jsonl');
    const args = [
      'summarize',
      TABLE,
      '--text',
      'body',
      '--out',
      out,
      '--model',
      'builtin:echo?delayMs=2',
      '--limit',
      '200',
    ];
    const command = [process.execPath, MAIN, ...args, '--partition-rows', '10'].map((word) => `'${word}'`).join(' ');
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', env });
    expect(status).toBe(0);
    expect(stdout).toContain('\r\x1b[K[#');
    expect(stdout).toMatch(/\[#+ *\] \d+ of 200 rows, [\d.]+ rows\/s/);
    const afterBar = stdout.slice(stdout.lastIndexOf('\x1b[K') + 3);
    expect(afterBar).toMatch(/^model +builtin:echo/);
    expect(afterBar).toMatch(/^rows +200 in/m);
  });
});

describe('a reader that stops reading', () => {
  it.skipIf(!isLinux)('ends the run quietly, and its engines', async () => {
    const model = ['--model', 'builtin:echo?delayMs=5', '--workers', '2', '--partition-rows', '10'];
    const child = spawn(process.execPath, [MAIN, 'summarize', TABLE, '--text', 'body', '--out', '-', ...model], {
      env,
    });
    const stderr = text(child.stderr);
    const host = await until(() => hostOf(child.pid as number));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(withoutProgress(await stderr)).toBe('');
    await until(() => !existsSync(`/proc/${host}`));
  });
});
