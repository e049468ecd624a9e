import path from 'node:path';
import { summarize } from './command.js';
import { hashOfAnswers } from './compare.js';
import type { TablesOptions } from './options.js';
import { jobArgs } from './overhead.js';
import type { SmallModel } from './smallModel.js';

const WAYS: readonly (readonly string[])[] = [
  ['--workers', '1'],
  ['--workers', '2'],
  ['--workers', '4'],
  ['--workers', '2', '--partition-rows', '1'],
  ['--workers', '2', '--partition-rows', '7'],
  ['--workers', '2', '--partition-rows', '1000'],
  ['--workers', '2', '--batch-rows', '16', '--isolation', 'thread'],
];

/** The same job in several ways, its answers compared in their order. */
export async function compareOutputs(
  { cache }: TablesOptions,
  { checkpoint, file, texts }: SmallModel,
): Promise<string> {
  const out = path.join(cache, 'same-out.parquet');
  const hashes = new Map<string, string>();
  for (const way of WAYS) {
    await summarize(file, out, [...jobArgs(checkpoint), ...way]);
    hashes.set(way.join(' '), await hashOfAnswers(out));
  }
  const lines = [...hashes].map(([way, hash]) => `${hash.slice(0, 16)}  ${way}`);
  const verdict = new Set(hashes.values()).size === 1 ? 'identical' : 'DIFFERENT';
  return [`The answers to ${texts.length} documents are ${verdict}:`, '', ...lines].join('\n');
}
