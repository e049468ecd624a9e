import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export interface Installed {
  /** Where the package lies. */
  readonly folder: string;
  /** The command. */
  readonly main: string;
  /** What npm packed, by names inside the package. */
  readonly files: readonly string[];
}

/** The package as npm packs and unpacks it, in a folder of its own; what it depends on is the repository's. */
export function installInto(scratch: string): Installed {
  const npm = (args: readonly string[]) => execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  mkdirSync(scratch, { recursive: true });
  const [{ filename, files }] = JSON.parse(npm(['pack', '--json', '--pack-destination', scratch])) as [
    { filename: string; files: { path: string }[] },
  ];
  execFileSync('tar', ['-xzf', filename], { cwd: scratch });
  const folder = path.join(scratch, 'package');
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return { folder, main: path.join(folder, 'dist/src/cli/main.js'), files: files.map((file) => file.path) };
}
