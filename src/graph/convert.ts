import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '../checkpoint/open.js';
import type { Checkpoint } from '../checkpoint/types.js';
import { makeDirectory } from '../files/atomicDir.js';
import { openHome } from '../files/home.js';
import { buildGraphs } from './buildGraphs.js';
import { type AskedPrecision, chooseKernels, choosePrecision } from './kernels.js';
import type { Precision } from './linear.js';
import { CONVERTER_VERSION, type Kernels, MANIFEST_FILE } from './manifest.js';

export interface ConvertOptions {
  readonly precision?: AskedPrecision;
  /** Other int8 kernels than this processor's, to measure or test them. */
  readonly kernels?: Kernels;
}

export interface Conversion {
  /** The converted folder, in the cache. */
  readonly dir: string;
  readonly precision: Precision;
  readonly kernels: Kernels;
  readonly parameters: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly seconds: number;
  /** It was in the cache already. */
  readonly cached: boolean;
  readonly warnings: readonly string[];
}

/** Converts a checkpoint folder, or finds what an earlier conversion left in the cache. */
export async function convertCheckpoint(dir: string, options: ConvertOptions = {}): Promise<Conversion> {
  const checkpoint = openCheckpoint(dir);
  try {
    return await convertOpened(checkpoint, options);
  } finally {
    checkpoint.weights.close();
  }
}

export async function convertOpened(checkpoint: Checkpoint, options: ConvertOptions = {}): Promise<Conversion> {
  const begin = performance.now();
  const precision = choosePrecision(options.precision ?? 'auto');
  const kernels = options.kernels ?? chooseKernels(checkpoint.config);
  const dir = join(openHome(), 'converted', cacheName(checkpoint, precision, kernels));
  const cached = existsSync(join(dir, MANIFEST_FILE));
  // A folder appears whole; one without its manifest was damaged since.
  if (!cached) rmSync(dir, { recursive: true, force: true });
  if (!cached) await makeDirectory(dir, (temporary) => buildGraphs(checkpoint, precision, kernels, temporary));
  if (cached) markUsed(join(dir, MANIFEST_FILE));
  const files = readdirSync(dir)
    .sort()
    .map((name) => ({ name, bytes: statSync(join(dir, name)).size }));
  return {
    dir,
    precision,
    kernels,
    parameters: checkpoint.parameters,
    files,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    seconds: (performance.now() - begin) / 1000,
    cached,
    warnings: checkpoint.warnings,
  };
}

/** `models list` shows it: many systems do not keep the time of a file's last reading by themselves. */
function markUsed(manifest: string): void {
  try {
    utimesSync(manifest, new Date(), statSync(manifest).mtime);
  } catch {
    // Somebody else's cache, or one on a read-only disk, is used all the same.
  }
}

/**
 * Everything that changes the result is in the name; fp32 and fp16 do not depend on the processor. The special tokens of the config may
 * come from generation_config.json, which the checkpoint's hash does not cover.
 */
function cacheName({ hash, config }: Checkpoint, precision: Precision, kernels: Kernels): string {
  const source = createHash('sha256').update(hash).update(JSON.stringify(config)).digest('hex').slice(0, 32);
  const variant = precision === 'int8' ? `-${kernels.crossKernel}-w${kernels.weightLimit}` : '';
  return `${source}-${precision}${variant}-v${CONVERTER_VERSION}`;
}
