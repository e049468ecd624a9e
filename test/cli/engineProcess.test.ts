import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { engineVariables } from '../../src/engine/environment.js';

const MAIN = path.resolve(import.meta.dirname, '../../dist/src/cli/main.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-engine-process-'));
const model = path.join(scratch, 'model');
const linux = process.platform === 'linux';
if (!linux) console.log('skipped: the processes of another one are only told by Linux');

beforeAll(() => writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny' }));
afterAll(() => rmSync(scratch, { recursive: true }));

function childOf(pid: number): number | undefined {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      if (Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) === pid) return Number(name);
    } catch {
      // It ended while we looked.
    }
  }
  return undefined;
}

/** Waits for what is sure to come; the test's own time limit ends it otherwise. */
async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A run that waits for its texts, with the process that will run the engine. */
async function started(): Promise<{ outer: ChildProcess; inner: number }> {
  const outer = spawn(process.execPath, [MAIN, 'generate', '-', '--model', model], {
    env: { ...process.env, PRECIS_HOME: path.join(scratch, 'home') },
  });
  const inner = await until(() => childOf(outer.pid as number));
  await until(() => readFileSync(`/proc/${inner}/cmdline`, 'utf8').includes('generate'));
  return { outer, inner };
}

describe.skipIf(!linux)('the process that runs the engine', () => {
  it('has the variables, and its texts, results and exit code are those of the command', async () => {
    const { outer, inner } = await started();
    expect(readFileSync(`/proc/${inner}/environ`, 'utf8')).toContain('glibc.malloc.hugetlb=1');
    let output = '';
    outer.stdout?.on('data', (data) => {
      output += data;
    });
    outer.stdin?.end('the government\nof the people\n');
    expect(await once(outer, 'close')).toEqual([0, null]);
    expect(output.split('\n')).toHaveLength(3);
  });

  it('ends when the command is killed', async () => {
    const { outer, inner } = await started();
    outer.kill('SIGKILL');
    await until(() => !existsSync(`/proc/${inner}`));
    outer.stdin?.destroy();
  });

  it('passes SIGTERM on, and the command ends as interrupted', async () => {
    const { outer, inner } = await started();
    outer.kill('SIGTERM');
    expect(await once(outer, 'exit')).toEqual([130, null]);
    await until(() => !existsSync(`/proc/${inner}`));
  });
});

describe('the variables of an engine process', () => {
  it.skipIf(!linux)('keep what the user chose', () => {
    expect(engineVariables('').GLIBC_TUNABLES).toBe('glibc.malloc.hugetlb=1');
    expect(engineVariables('glibc.malloc.check=1').GLIBC_TUNABLES).toBe('glibc.malloc.check=1:glibc.malloc.hugetlb=1');
    expect(engineVariables('glibc.malloc.hugetlb=0').GLIBC_TUNABLES).toBe('glibc.malloc.hugetlb=0');
  });
});
