import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { MAIN } from '../cli/precis.js';

/** The module that a process has to import first to be disturbed: `node --import PRELOAD program`. */
export const PRELOAD = path.join(import.meta.dirname, 'failNth.mjs');

export type Kind = 'open' | 'write' | 'fsync' | 'rename' | 'link' | 'unlink' | 'ftruncate' | 'mkdir' | 'copy' | 'chmod';

/** When it happens to an operation: instead of it, after half of it (of a write; of others it is instead), or when it is done. */
export type When = 'before' | 'half' | 'after';

export interface Faults {
  /** Only operations on files below these folders, or on these folders, count. `open` is opening for writing. */
  readonly under: readonly string[];
  /** Of these kinds; default: all. */
  readonly kinds?: readonly Kind[];
  /** The n-th operation, from 1, fails with this error; `forever`: all from it on. */
  readonly fail?: { readonly n: number; readonly errno: string; readonly forever?: boolean; readonly when?: When };
  /** At the n-th operation the process kills itself with SIGKILL. */
  readonly kill?: { readonly n: number; readonly when?: When };
  /** A file outside of these folders; each operation that counts is a line of JSON in it, written before it begins. */
  readonly log?: string;
  /** How the path of the program ends that is disturbed; default: the command line. Its child processes are left alone unless they are of that name. */
  readonly program?: string;
  /** Its worker threads too, each counting for itself. */
  readonly threads?: boolean;
}

export interface Operation {
  readonly number: number;
  readonly kind: Kind;
  readonly path: string;
  /** Of a rename or a link. */
  readonly dest?: string;
}

export interface Disturbed {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Those that were begun, if there is a log. */
  readonly operations: readonly Operation[];
}

/** For a child of one's own: put PRELOAD before the program, and this into its environment. */
export function faultVariables(faults: Faults): { PRECIS_FAULTS: string } {
  return { PRECIS_FAULTS: JSON.stringify(faults) };
}

/** Runs the command line, as users run it, on a disk that fails as described. */
export function runDisturbed(args: readonly string[], faults: Faults, env: NodeJS.ProcessEnv = {}): Disturbed {
  if (faults.log) rmSync(faults.log, { force: true });
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env, ...faultVariables(faults) },
  });
  return { status, signal, stdout, stderr, operations: faults.log ? operationsIn(faults.log) : [] };
}

export function operationsIn(log: string): Operation[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Operation);
}

/** As a list to read: `write out/.t.parquet.precis-*.tmp`, without what differs from run to run. */
export function listed(operations: readonly Operation[], root: string): string[] {
  const name = (file: string) =>
    path.relative(root, file).replace(/precis-\d+-[0-9a-f]{8}\.tmp/, 'precis-*.tmp') || '.';
  return operations.map(({ kind, path: file, dest }) => `${kind} ${name(file)}${dest ? ` -> ${name(dest)}` : ''}`);
}
