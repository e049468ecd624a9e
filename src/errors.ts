/** What a scope may be: the folder or subject a message speaks of, as the user would name it. */
export type ErrorScope =
  | 'usage'
  | 'config'
  | 'weights'
  | 'tokenizer'
  | 'generation'
  | 'model'
  | 'graph'
  | 'cache'
  | 'engine'
  | 'input'
  | 'table'
  | 'column'
  | 'parquet'
  | 'arrow'
  | 'csv'
  | 'jsonl'
  | 'delta'
  | 'output'
  | 'pool'
  | 'function'
  | 'device'
  | 'internal';

export interface PrecisErrorInit {
  /** What was found, naming the file, row or option. */
  found: string;
  /** What was expected instead. */
  expected?: string;
  /** What the reader can do about it. */
  action?: string;
  /** Lines shown below the message, one a problem; the command line prints at most 50. */
  details?: readonly string[];
  cause?: unknown;
}

/** Every error that is the user's to mend: one line `[scope] found X, expected Y; do Z`, then details. */
export class PrecisError extends Error {
  override readonly name = 'PrecisError';
  readonly scope: ErrorScope;
  readonly details: readonly string[];

  constructor(scope: ErrorScope, init: PrecisErrorInit) {
    const expected = init.expected ? `, expected ${init.expected}` : '';
    const action = init.action ? `; ${init.action}` : '';
    super(`[${scope}] ${init.found}${expected}${action}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.scope = scope;
    this.details = init.details ?? [];
  }
}
