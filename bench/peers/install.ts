import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTool } from '../tool.js';

/** A source file of bench/, seen from the compiled program, which lies in dist/bench/. */
export function sourcePath(...parts: string[]): string {
  return path.join(import.meta.dirname, '..', '..', '..', 'bench', ...parts);
}

/** Installs the Python peers with pinned versions into a virtual environment under `folder`; returns its interpreter. */
export async function installPythonPeers(folder: string, python: string): Promise<string> {
  const requirements = sourcePath('peers', 'requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const venv = path.join(folder, 'python');
  const interpreter = path.join(venv, 'bin', 'python');
  // Written last, so that an installation that was broken off is made again.
  const stamp = path.join(venv, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return interpreter;
  await runTool('installing the Python peers', python, ['-m', 'venv', '--clear', venv]);
  await runTool('', interpreter, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    requirements,
  ]);
  writeFileSync(stamp, wanted);
  return interpreter;
}
