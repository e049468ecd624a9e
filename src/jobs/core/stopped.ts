import { PrecisError } from '../../errors.js';

/** The job went past a limit that its spec sets: it ends with exit code 3, and what is committed stays. */
export class Stopped extends PrecisError {
  constructor(
    found: string,
    expected: string,
    /** The first row of the partition that failed, from 1, and why; null if the limit is no matter of failures. */
    readonly failure: { readonly row: number; readonly reason: string } | null = null,
  ) {
    super('job', {
      found,
      expected,
      action:
        'look at the failed rows, then resume with a higher limit, or with --publish-partial to publish what there is',
    });
  }
}
