import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import path from 'node:path';

/** The command as users run it: the built one. */
export const MAIN = path.resolve(import.meta.dirname, '../../dist/src/cli/main.js');

export interface Precis {
  (args: readonly string[], input?: string | Uint8Array): SpawnSyncReturns<string>;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the command with a home of its own. */
export function precisWith(home: string, variables: NodeJS.ProcessEnv = {}): Precis {
  const env = { ...process.env, PRECIS_HOME: home, ...variables };
  const run = (args: readonly string[], input: string | Uint8Array = '') =>
    spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env, input });
  return Object.assign(run, { env });
}

/** A machine that is busy elsewhere makes any run long enough for a line of progress. */
export function withoutProgress(stderr: string): string {
  return stderr.replace(
    /^precis: (\S+: |\S+, (scoring|judging|comparing): )?[\d,]+ (of [\d,]+ )?(texts|rows)\b.*\n/gm,
    '',
  );
}
