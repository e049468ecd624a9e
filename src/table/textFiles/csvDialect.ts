import { PrecisError } from '../../errors.js';

/** What reading and writing CSV have in common. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly header: boolean;
}

interface DialectOptions {
  readonly format?: string;
  readonly delimiter?: string;
  readonly header?: boolean;
}

/** A comma by default, a tab for .tsv; a first record of names by default. */
export function csvDialect(path: string, options: DialectOptions): CsvDialect {
  const tabs = options.format === 'tsv' || (options.format === undefined && /\.tsv$/i.test(path));
  const { delimiter = tabs ? '\t' : ',', header = true } = options;
  if (!/^[^"\r\n\p{Surrogate}]$/u.test(delimiter)) {
    throw new PrecisError('usage', {
      found: `the delimiter is ${JSON.stringify(delimiter)}`,
      expected: 'one character that is no quote and no line break',
    });
  }
  return { delimiter, header };
}
