import { PrecisError } from '../../errors.js';
import { realTarget } from './realTarget.js';
import { statIfThere } from './statIfThere.js';

/** A table must not be written onto what it is read from, by whatever name: links and hard links included. */
export function refuseOwnInput(target: string, location: string, inputs: readonly string[]): void {
  const real = realTarget(location);
  const found = statIfThere(real);
  const isOwn = inputs.some((input) => {
    if (input === real) return true;
    const other = found && statIfThere(input);
    return other?.dev === found?.dev && other !== undefined && other.ino === found?.ino;
  });
  if (!isOwn) return;
  throw new PrecisError('output', {
    found: `${target} is an input of this very table`,
    expected: 'another output',
    action: 'write to another name, or merge new columns into it',
  });
}
