import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Resident memory in bytes after each of `calls` calls of the engine on `documents` documents, in a process of its own. */
export async function residentMemory(
  checkpoint: string,
  precision: string,
  calls: number,
  documents: number,
): Promise<number[]> {
  const script = fileURLToPath(new URL('generateMany.mjs', import.meta.url));
  // V8 widens its young generation once, by 16 MB and at any time: it is kept small, or else that step would look like a leak.
  const args = [
    '--expose-gc',
    '--max-semi-space-size=2',
    script,
    checkpoint,
    precision,
    String(calls),
    String(documents),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

/** By what share the median of the last quarter of the calls exceeds that of the second: the first is warm-up. */
export function growth(resident: readonly number[]): number {
  const quarter = Math.floor(resident.length / 4);
  return median(resident.slice(-quarter)) / median(resident.slice(quarter, 2 * quarter)) - 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
