import { type ErrorScope, PrecisError } from '../errors.js';

const CAUSES: Record<string, { found: (path: string) => string; expected: string; action: string }> = {
  ENOSPC: {
    found: (path) => `no space left on the disk of ${path}`,
    expected: 'room for the files to write',
    action: 'free some space or set PRECIS_HOME to a folder on another disk',
  },
  EDQUOT: {
    found: (path) => `the disk quota is used up at ${path}`,
    expected: 'room for the files to write',
    action: 'free some space or set PRECIS_HOME to a folder on another disk',
  },
  EACCES: {
    found: (path) => `no permission to write ${path}`,
    expected: 'a folder that this user may write',
    action: 'change its permissions or set PRECIS_HOME to another folder',
  },
  EPERM: {
    found: (path) => `no permission to write ${path}`,
    expected: 'a folder that this user may write',
    action: 'change its permissions or set PRECIS_HOME to another folder',
  },
  EROFS: {
    found: (path) => `${path} is on a read-only file system`,
    expected: 'a folder that can be written',
    action: 'set PRECIS_HOME to a folder on another file system',
  },
  // Node's mkdir says this of a folder that it cannot make on a read-only file system.
  ENOENT: {
    found: (path) => `${path} cannot be made`,
    expected: 'a place that can be written',
    action: 'look whether it is on a read-only file system, or set PRECIS_HOME to another folder',
  },
  ENOTDIR: {
    found: (path) => `${path} leads through a file that is not a folder`,
    expected: 'a folder',
    action: 'move that file or set PRECIS_HOME to another folder',
  },
};

/** The user's side of a failed write: a full disk, no permission. Any other error comes back as it is. */
export function writeProblem(error: unknown, path: string): unknown {
  const { code, path: where } = (error ?? {}) as NodeJS.ErrnoException;
  const cause = code === undefined ? undefined : CAUSES[code];
  if (error instanceof PrecisError || cause === undefined) return error;
  const { found, expected, action } = cause;
  return new PrecisError('cache', { found: found(where ?? path), expected, action, cause: error });
}

const UNREADABLE: Record<string, string> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its path leads through a file that is not a folder',
  ELOOP: 'its links go in a circle',
};

/** The same of a failed read. */
export function readProblem(error: unknown, path: string, scope: ErrorScope): unknown {
  const why = UNREADABLE[(error as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return error;
  return new PrecisError(scope, {
    found: `${path} cannot be read: ${why}`,
    expected: 'a file that this user may read',
    cause: error,
  });
}
