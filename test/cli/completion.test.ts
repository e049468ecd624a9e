import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { precisWith } from './precis.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-completion-'));
const precis = precisWith(path.join(scratch, 'home'));
const script = path.join(scratch, 'precis.bash');

beforeAll(() => {
  writeFileSync(script, precis(['completion', 'bash']).stdout);
  writeFileSync(path.join(scratch, 'table.parquet'), '');
  mkdirSync(path.join(scratch, 'table-model'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** What bash offers after these words, the last of which is being typed. */
function offered(words: readonly string[], line = ''): string[] {
  const code = `source "$1"; shift; ${line} COMP_WORDS=(precis "$@"); COMP_CWORD=$#; _precis; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', code, 'bash', script, ...words], {
    encoding: 'utf8',
    cwd: scratch,
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

const hasBash = spawnSync('bash', ['--version']).status === 0;
if (!hasBash) console.log('skipped: there is no bash');

describe.skipIf(!hasBash)('completion in bash', () => {
  it.each<[string[], string[]]>([
    [['gen'], ['generate']],
    [['mod'], ['models']],
    [['--v'], ['--version']],
    [
      ['models', ''],
      ['list', 'show', 'convert', 'verify', '--help'],
    ],
    [['models', 'sh'], ['show']],
    [
      ['cache', ''],
      ['stats', 'clear', '--help'],
    ],
    [['cache', 'clear', '--ol'], ['--older-than']],
    [['completion', '--d'], ['--debug']],
    [['generate', '--device', 'x', '--num'], ['--num-beams']],
    [
      ['generate', '--precision', ''],
      ['auto', 'fp32', 'int8', 'fp16'],
    ],
    [['generate', '--early-stopping', 'n'], ['never']],
    [['generate', '--num-beams', ''], []],
    [['models', 'convert', '--prec'], ['--precision']],
    [
      ['models', 'convert', '--precision', 'f'],
      ['fp32', 'fp16'],
    ],
    [['generate', '--model', 'table'], ['table-model']],
    [['generate', '--model', 'builtin:p'], ['builtin:precis-tiny']],
    [
      ['generate', '--model', ''],
      ['table-model', 'builtin:precis-tiny', 'builtin:lead-1', 'builtin:lead-3', 'builtin:textrank'],
    ],
    [
      ['models', 'show', 'table'],
      ['table.parquet', 'table-model'],
    ],
    [['summarize', 'a.csv', '--format', 'p'], ['parquet']],
    [
      ['summarize', '--out', 'table'],
      ['table.parquet', 'table-model'],
    ],
    [['summarize', '--on'], ['--on-error']],
    [['nonsense', '--x'], []],
  ])('%j', (words, expected) => {
    expect(offered(words).sort()).toEqual([...expected].sort());
  });

  it.each([
    ['--model builtin:', ['--model', 'builtin', ':'], ['precis-tiny', 'lead-1', 'lead-3', 'textrank']],
    ['--model builtin:le', ['--model', 'builtin', ':', 'le'], ['lead-1', 'lead-3']],
  ])('%j, of which bash makes several words', (line, words, expected) => {
    const typed = `precis generate ${line}`;
    expect(offered(['generate', ...words], `COMP_LINE='${typed}'; COMP_POINT=${typed.length};`)).toEqual(expected);
  });

  it('is registered for the command', () => {
    const code = `source "$1"; complete -p precis`;
    const { stdout } = spawnSync('bash', ['-c', code, 'bash', script], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('complete -o filenames -F _precis precis');
  });
});

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  const isThere = spawnSync(shell, ['--version']).status === 0;
  if (!isThere) console.log(`skipped: there is no ${shell}`);

  it.skipIf(!isThere)('is understood by it', () => {
    const { stdout } = precis(['completion', shell]);
    const file = path.join(scratch, `syntax.${shell}`);
    writeFileSync(file, stdout);
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('knows every option of generate', () => {
    const { stdout } = precis(['completion', shell]);
    for (const flag of ['num-beams', 'max-input-tokens', 'json']) expect(stdout).toContain(flag);
  });
});

describe('another shell', () => {
  it.each<[string[], string]>([
    [['completion'], '0 shells are given, expected one of bash, zsh, fish'],
    [['completion', 'zhs'], '"zhs" is no shell known here, expected one of bash, zsh, fish; did you mean zsh?'],
  ])('%j', (args, message) => {
    expect(precis(args)).toMatchObject({ status: 2, stdout: '', stderr: `precis: [usage] ${message}\n` });
  });
});
