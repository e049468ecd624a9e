import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../../errors.js';
import { packageFolder } from '../../files/packageFolder.js';

/** The trained model that comes with the package, and the one that is used when none is named: a checkpoint folder like any other. */
export const SHIPPED_MODEL = 'builtin:precis-tiny';

const NEEDED = ['config.json', 'model.safetensors', 'tokenizer.json'];

const WAY_OUT = 'install precis again, or take the first sentences with --model builtin:lead-3';

export interface ShippedModel {
  readonly dir: string;
  /** Of all its files. */
  readonly bytes: number;
  /** Which part of it is missing, or null. */
  readonly problem: string | null;
}

export function isShipped(uri: string): boolean {
  return uri.split('?')[0] === SHIPPED_MODEL;
}

/** Looks at the names and sizes of its files, and into none. */
export function lookAtShipped(): ShippedModel {
  const dir = path.join(packageFolder(), 'models', 'precis-tiny');
  if (!existsSync(dir)) return { dir, bytes: 0, problem: `there is no folder ${dir}` };
  const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0);
  const missing = NEEDED.find((name) => !existsSync(path.join(dir, name)));
  return { dir, bytes, problem: missing === undefined ? null : `${dir} has no ${missing}` };
}

/** The folder that the name stands for. */
export function shippedFolder(uri: string): string {
  if (uri !== SHIPPED_MODEL) {
    throw new PrecisError('model', { found: `${uri} has options`, expected: `none: ${SHIPPED_MODEL} takes none` });
  }
  const { dir, problem } = lookAtShipped();
  if (problem === null) return dir;
  throw new PrecisError('model', {
    found: `the built-in model is missing: ${problem}`,
    expected: 'the files that come with precis',
    action: WAY_OUT,
  });
}

/** The same for files that are there and damaged: nobody can mend them, so what to do is not what it is for a model of one's own. */
export function shippedProblem(uri: string, error: unknown): unknown {
  const { dir } = lookAtShipped();
  if (!isShipped(uri) || !(error instanceof PrecisError) || !error.message.includes(dir)) return error;
  const found = `the built-in model is damaged: ${error.what}`;
  return new PrecisError('model', { found, action: WAY_OUT, details: error.details, cause: error });
}
