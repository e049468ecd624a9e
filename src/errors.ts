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
  | 'job'
  | 'journal'
  | 'lock'
  | 'contract'
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
  /** The message without its scope and without what to do. */
  readonly what: string;

  constructor(scope: ErrorScope, init: PrecisErrorInit) {
    const expected = init.expected ? `, expected ${init.expected}` : '';
    const action = init.action ? `; ${init.action}` : '';
    const what = `${init.found}${expected}`;
    super(`[${scope}] ${what}${action}`, init.cause === undefined ? undefined : { cause: init.cause });
    this.scope = scope;
    this.what = what;
    this.details = init.details ?? [];
  }
}

/** The known name that takes the fewest edits from `name`, if it takes few. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.replace(/[_-]/g, '').toLowerCase();
  let nearest: string | null = null;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editDistance(plain(name), plain(candidate));
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
