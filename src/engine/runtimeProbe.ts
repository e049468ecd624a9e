import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from '../files/childProcess.js';

export interface RuntimeProbe {
  /** Null if even its package is not there. */
  readonly version: string | null;
  /** Where the native library lies; null if this system has none. */
  readonly bindingFolder: string | null;
  /** Why no graph can be run; null if one was. */
  readonly problem: string | null;
}

const SECONDS = 30;

/** Loads onnxruntime and runs a graph of one node in a child process: what is wrong there may crash or hang. */
export async function probeRuntime(): Promise<RuntimeProbe> {
  const installed = installedRuntime();
  if (installed === null) return { version: null, bindingFolder: null, problem: 'onnxruntime-node is not installed' };
  const child = await runNode([fileURLToPath(new URL('./runtimeProbeChild.js', import.meta.url))], SECONDS);
  const said = child.stderr.split('\n').find((line) => /error/i.test(line)) ?? child.stderr.split('\n')[0];
  return { ...installed, problem: child.end === 'exited' ? null : `${child.reason}${said ? `: ${said.trim()}` : ''}` };
}

/** What the package says, without loading its native library. */
export function installedRuntime(): Omit<RuntimeProbe, 'problem'> | null {
  try {
    const packages = createRequire(import.meta.url);
    const file = packages.resolve('onnxruntime-node/package.json');
    const { version } = packages(file) as { version: string };
    return { version, bindingFolder: path.join(path.dirname(file), 'bin/napi-v6', process.platform, process.arch) };
  } catch {
    return null;
  }
}
