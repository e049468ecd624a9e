import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const projects: string[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) rmSync(project, { recursive: true });
});

/** .ci/run in a project of its own, with the real runner and the runner's settings of this one. */
function ciRun(tests: string, beforeTests = ''): { status: number | null; lastLine: string } {
  const project = mkdtempSync(path.join(tmpdir(), 'precis-ci-'));
  projects.push(project);
  for (const folder of ['.ci', 'test']) mkdirSync(path.join(project, folder));
  cpSync(path.join(ROOT, '.ci/run'), path.join(project, '.ci/run'));
  cpSync(path.join(ROOT, 'test/vitest.config.ts'), path.join(project, 'test/vitest.config.ts'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
  const command = `${beforeTests}vitest run --config test/vitest.config.ts`;
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type: 'module', scripts: { test: command } }));
  writeFileSync(path.join(project, 'test/a.test.ts'), `import { expect, it } from 'vitest';\n${tests}`);
  const { status, stdout } = spawnSync(path.join(project, '.ci/run'), { encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1)! };
}

const passing = (name: string) => `it('${name}', () => expect(1).toBe(1));\n`;
const failing = (name: string) => `it('${name}', () => expect(1).toBe(2));\n`;

describe('.ci/run ends with the totals of the runner', () => {
  it('all pass', () => {
    expect(ciRun(passing('a') + passing('b'))).toEqual({ status: 0, lastLine: '2 passed, 0 failed' });
  });

  it('one fails', () => {
    expect(ciRun(passing('a') + failing('b'))).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('something before the tests fails', () => {
    expect(ciRun(passing('a'), 'exit 3 && ')).toEqual({ status: 3, lastLine: '0 passed, 0 failed' });
  });
});
