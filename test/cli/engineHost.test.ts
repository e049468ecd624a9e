import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { engineVariables } from '../../src/engine/environment.js';
import { MAIN } from './precis.js';
import { hostOf, isLinux, until } from './processes.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-engine-host-'));
const model = path.join(scratch, 'model');
if (!isLinux) console.log('skipped: the processes of another one are only told by Linux');

beforeAll(() => writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny', eos: 'never' }));
afterAll(() => rmSync(scratch, { recursive: true }));

const LINES = 600;

/** A run of many lines, and its engine host. */
async function started(workers: number): Promise<{ outer: ChildProcess; inner: number; stdout: Promise<string> }> {
  const args = ['generate', '-', '--model', model, '--workers', String(workers), '--num-beams', '1'];
  const outer = spawn(process.execPath, [MAIN, ...args, '--max-new-tokens', '60'], {
    env: { ...process.env, PRECIS_HOME: path.join(scratch, 'home') },
  });
  const stdout = text(outer.stdout!);
  outer.stdin!.end(Array.from({ length: LINES }, (_, i) => `the government of people ${i}\n`).join(''));
  const inner = await until(() => hostOf(outer.pid as number));
  return { outer, inner, stdout };
}

describe.skipIf(!isLinux)('the process that runs the engines of precis generate -', () => {
  it('has the variables, and when it is killed its work is done again by another', async () => {
    const undisturbed = await started(1);
    expect(readFileSync(`/proc/${undisturbed.inner}/environ`, 'utf8')).toContain('glibc.malloc.hugetlb=1');
    expect(await once(undisturbed.outer, 'close')).toEqual([0, null]);
    const expected = await undisturbed.stdout;
    expect(expected.split('\n')).toHaveLength(LINES + 1);

    const { outer, inner, stdout } = await started(2);
    process.kill(inner, 'SIGKILL');
    expect(await once(outer, 'close')).toEqual([0, null]);
    expect(await stdout).toBe(expected);
  });

  it('ends when the command is killed', async () => {
    const { outer, inner } = await started(1);
    outer.kill('SIGKILL');
    await until(() => !existsSync(`/proc/${inner}`));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is gone when the command ended by %s', async (signal) => {
    const { outer, inner } = await started(1);
    outer.kill(signal);
    expect(await once(outer, 'exit')).toEqual([130, null]);
    expect(existsSync(`/proc/${inner}`)).toBe(false);
  });
});

describe('the variables of an engine process', () => {
  it.skipIf(!isLinux)('keep what the user chose', () => {
    expect(engineVariables('').GLIBC_TUNABLES).toBe('glibc.malloc.hugetlb=1');
    expect(engineVariables('glibc.malloc.check=1').GLIBC_TUNABLES).toBe('glibc.malloc.check=1:glibc.malloc.hugetlb=1');
    expect(engineVariables('glibc.malloc.hugetlb=0').GLIBC_TUNABLES).toBe('glibc.malloc.hugetlb=0');
  });
});
