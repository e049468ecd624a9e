import { PrecisError } from '../../errors.js';

const CAUSES: Readonly<Record<string, readonly [found: (target: string) => string, action: string]>> = {
  ENOSPC: [(target) => `no space left on the disk of ${target}`, 'free some space or write to another disk'],
  EDQUOT: [(target) => `the disk quota is used up at ${target}`, 'free some space or write to another disk'],
  EFBIG: [(target) => `${target} grew beyond what its file system or a limit allows`, 'write to another disk'],
  EACCES: [(target) => `no permission to write ${target}`, 'change the permissions of its folder or write elsewhere'],
  EPERM: [(target) => `no permission to write ${target}`, 'change the permissions of its folder or write elsewhere'],
  EROFS: [(target) => `${target} is on a read-only file system`, 'write elsewhere'],
  EIO: [(target) => `the disk failed while ${target} was written`, 'look at the disk, then run again'],
  ENAMETOOLONG: [(target) => `the name ${target} is too long`, 'choose a shorter one'],
};

/** The user's side of a failed write; any other error comes back as it is. */
export function outputProblem(error: unknown, target: string): unknown {
  const cause = CAUSES[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  if (error instanceof PrecisError || !cause) return error;
  return new PrecisError('output', {
    found: cause[0](target),
    expected: 'a file that can be written',
    action: cause[1],
    cause: error,
  });
}
