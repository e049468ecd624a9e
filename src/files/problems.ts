import { type ErrorScope, PrecisError } from '../errors.js';

interface Cause {
  readonly found: (path: string) => string;
  readonly expected: string;
  /** What helps wherever the file lies. */
  readonly action: string;
  /** What helps too if it lies in PRECIS_HOME. */
  readonly home: string;
}

const FULL = {
  expected: 'room for the files to write',
  action: 'free some space',
  home: 'set PRECIS_HOME to a folder on another disk',
};
const FORBIDDEN = {
  found: (path: string) => `no permission to write ${path}`,
  expected: 'a folder that this user may write',
  action: 'change its permissions',
  home: 'set PRECIS_HOME to another folder',
};
const TOO_MANY = {
  found: (path: string) => `too many open files, so that ${path} cannot be opened`,
  expected: 'room for one more',
  action: 'raise the limit (ulimit -n)',
  home: '',
};

const CAUSES: Readonly<Record<string, Cause>> = {
  ENOSPC: { found: (path) => `no space left on the disk of ${path}`, ...FULL },
  EDQUOT: { found: (path) => `the disk quota is used up at ${path}`, ...FULL },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: {
    found: (path) => `${path} is on a read-only file system`,
    expected: 'a folder that can be written',
    action: '',
    home: 'set PRECIS_HOME to a folder on another file system',
  },
  // Node's mkdir says this of a folder that it cannot make on a read-only file system.
  ENOENT: {
    found: (path) => `${path} cannot be made`,
    expected: 'a place that can be written',
    action: 'look whether it is on a read-only file system',
    home: 'set PRECIS_HOME to another folder',
  },
  ENOTDIR: {
    found: (path) => `${path} leads through a file that is not a folder`,
    expected: 'a folder',
    action: 'move that file',
    home: 'set PRECIS_HOME to another folder',
  },
  EIO: {
    found: (path) => `the disk failed while ${path} was written`,
    expected: 'a disk that works',
    action: 'look at the disk, then run again',
    home: '',
  },
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
};

/**
 * The user's side of a failed write: a full disk, no permission. Any other error comes back as it is. Of another scope than PRECIS_HOME's own
 * the path is named as given, whatever temporary file it was that failed.
 */
export function writeProblem(error: unknown, path: string, scope: ErrorScope = 'cache'): unknown {
  const { code, path: where } = (error ?? {}) as NodeJS.ErrnoException;
  const cause = code === undefined ? undefined : CAUSES[code];
  if (error instanceof PrecisError || cause === undefined) return error;
  const { found, expected, action, home } = cause;
  return new PrecisError(scope, {
    found: found(scope === 'cache' ? (where ?? path) : path),
    expected,
    action: [action, scope === 'cache' ? home : ''].filter((part) => part !== '').join(' or ') || undefined,
    cause: error,
  });
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
