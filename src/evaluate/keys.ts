import { PrecisError } from '../errors.js';

export interface Keys {
  /** By row. A text and a number that look the same are the same: CSV knows no numbers. */
  readonly keys: readonly string[];
  readonly rowOf: ReadonlyMap<string, number>;
}

/** The keys of a table, each of which has to name one row. */
export function readKeys(values: readonly unknown[], column: string, label: string): Keys {
  const rowOf = new Map<string, number>();
  const keys = values.map((value, row) => {
    if (value === null || value === undefined) {
      throw new PrecisError('table', {
        found: `${label} has no key in row ${row + 1}: column ${column} is null there`,
        expected: 'a key in every row',
      });
    }
    const key = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const first = rowOf.get(key);
    if (first !== undefined) {
      throw new PrecisError('table', {
        found: `${label} has the key ${JSON.stringify(key)} (column ${column}) in rows ${first + 1} and ${row + 1}`,
        expected: 'each key once',
      });
    }
    rowOf.set(key, row);
    return key;
  });
  return { keys, rowOf };
}
