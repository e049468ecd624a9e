import { spawn } from 'node:child_process';
import { engineVariables } from '../engine/environment.js';

/** Says to the process that we start that it is the one; without a process of ours behind it, it means nothing. */
const MARK = 'PRECIS_ENGINE_PROCESS';

const INTERRUPTED = 130;

/**
 * Runs this very command again in a process whose environment suits the engine, and ends as that one ends. False if we are that
 * process already. Worth its 40 ms for many texts only.
 */
export async function handToEngineProcess(): Promise<boolean> {
  if (process.env[MARK]) {
    followParent();
    return false;
  }
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...engineVariables(), [MARK]: '1' },
  });
  // A terminal's Ctrl-C reaches both of us, a signal sent to us alone does not: it is passed on, and the other's end decides ours.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(name).on(name, () => child.kill(name));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...end) => resolve(end));
  });
  const interrupted = signal === 'SIGINT' || signal === 'SIGTERM';
  if (signal && !interrupted) process.stderr.write(`precis: [engine] the engine's process was ended by ${signal}\n`);
  process.exitCode = code ?? (interrupted ? INTERRUPTED : 1);
  return true;
}

/** Nobody waits for the output of a process whose parent was killed. */
function followParent(): void {
  if (!process.channel) return;
  process.channel.unref();
  process.on('disconnect', () => process.exit(1));
}
