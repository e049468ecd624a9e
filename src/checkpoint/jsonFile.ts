import fs from 'node:fs';
import { type ErrorScope, PrecisError } from '../errors.js';
import { readProblem } from '../files/problems.js';

/** Reads a JSON file that must hold an object. */
export function readJsonObject(file: string, scope: ErrorScope): Record<string, unknown> {
  const text = readText(file, scope);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const lfs = text.startsWith('version https://git-lfs');
    throw new PrecisError(scope, {
      found: lfs ? `${file} is a Git-LFS pointer` : `${file} is not JSON (${(error as Error).message})`,
      expected: 'a JSON object',
      action: lfs ? 'run `git lfs pull` in that folder' : 'download the file again',
      cause: error,
    });
  }
  if (isObject(value)) return value;
  const found = `${file} holds ${Array.isArray(value) ? 'a list' : String(value)}`;
  throw new PrecisError(scope, { found, expected: 'a JSON object', action: 'download the file again' });
}

function readText(file: string, scope: ErrorScope): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw readProblem(error, file, scope);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
