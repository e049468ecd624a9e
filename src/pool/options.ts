import { availableParallelism } from 'node:os';

import { nearestName, PrecisError } from '../errors.js';
import type { BatchFunctionSpec, PoolOptions, WorkerSetting } from './types.js';

/** Options after they were checked, with what was left out. */
export interface ResolvedPoolOptions {
  /** One a worker. */
  readonly settings: readonly WorkerSetting[];
  readonly isolation: 'process' | 'thread';
  readonly maxRetries: number;
  readonly hangSeconds: number;
  readonly onEvent: NonNullable<PoolOptions['onEvent']>;
}

/** More than any processor has. */
const MOST_WORKERS = 1024;
const DEFAULT_RETRIES = 3;
const DEFAULT_HANG_SECONDS = 300;
/** A timer of Node's holds no more milliseconds. */
const MOST_SECONDS = 2_000_000;

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const isWorkerCount = (value: unknown) => isCount(value) && (value as number) <= MOST_WORKERS;
const isDevice = (value: unknown) => typeof value === 'string' && /^(cpu|cuda:\d+)$/.test(value);

const RULES: Readonly<Record<keyof PoolOptions, readonly [expected: string, accepts: (value: unknown) => boolean]>> = {
  workers: [`a whole number from 1 to ${MOST_WORKERS}`, isWorkerCount],
  devices: [
    'a list of cpu and cuda:N',
    (value) => Array.isArray(value) && value.length > 0 && value.length <= MOST_WORKERS && value.every(isDevice),
  ],
  threadsPerWorker: [`a whole number from 1 to ${MOST_WORKERS}`, isWorkerCount],
  isolation: ['process or thread', (value) => value === 'process' || value === 'thread'],
  maxRetries: ['a whole number of at least 0', (value) => value === 0 || isCount(value)],
  hangSeconds: [
    `a number above 0, at most ${MOST_SECONDS}`,
    (value) => typeof value === 'number' && value > 0 && value <= MOST_SECONDS,
  ],
  onEvent: ['a function', (value) => typeof value === 'function'],
};

export function resolvePoolOptions(options: PoolOptions): ResolvedPoolOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(RULES, name)) throw unknownOption(name);
    const [expected, accepts] = RULES[name as keyof PoolOptions];
    if (value === undefined || accepts(value)) continue;
    throw new PrecisError('usage', { found: `option ${name} is ${shown(value)}`, expected });
  }
  return {
    settings: settings(options),
    isolation: options.isolation ?? 'thread',
    maxRetries: options.maxRetries ?? DEFAULT_RETRIES,
    hangSeconds: options.hangSeconds ?? DEFAULT_HANG_SECONDS,
    onEvent: options.onEvent ?? (() => {}),
  };
}

export function checkSpec(spec: BatchFunctionSpec): void {
  if (URL.canParse(spec.module) && typeof spec.exportName === 'string') return;
  throw new PrecisError('usage', {
    found: `the function is ${shown(spec.exportName)} of ${shown(spec.module)}`,
    expected: "a module's URL and the name of what it exports",
  });
}

/** Devices are dealt in turn. Every core has work for an engine of its own; a GPU only for one. */
function settings({ workers, devices = ['cpu'], threadsPerWorker = 1 }: PoolOptions): WorkerSetting[] {
  const cores = devices.includes('cpu') ? availableParallelism() : 0;
  const count = workers ?? Math.max(cores, devices.length);
  return Array.from({ length: count }, (_, worker) => ({
    worker,
    device: devices[worker % devices.length],
    threads: threadsPerWorker,
  }));
}

function unknownOption(name: string): PrecisError {
  const known = Object.keys(RULES);
  const nearest = nearestName(name, known);
  return new PrecisError('usage', {
    found: `unknown option ${name}`,
    expected: `one of ${known.join(', ')}`,
    action: nearest ? `did you mean ${nearest}?` : undefined,
  });
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
