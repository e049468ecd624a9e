import { PrecisError } from '../../errors.js';

/** Of this thread: the module of a user's function that is being imported. */
let importing: string | null = null;

/** Imports the module of a user's function. It may well be the user's whole program, which must not begin again in every worker. */
export async function importGuarded(module: string): Promise<Record<string, unknown>> {
  importing = module;
  try {
    return (await import(module)) as Record<string, unknown>;
  } finally {
    importing = null;
  }
}

export function refuseWhileImporting(): void {
  if (importing === null) return;
  throw new PrecisError('function', {
    found: `${importing} began to compute when a worker imported it for its function`,
    expected: 'a module that only defines things',
    action: 'move the function into a module of its own',
  });
}
