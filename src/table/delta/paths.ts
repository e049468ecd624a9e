import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrecisError } from '../../errors.js';

/** Hive's name of the folder of rows whose partition value is null. */
const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__';
/** What Hive escapes in folder names. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among them
const ESCAPED = /[\x00-\x1f"#%'*/:=?\\\x7f{[\]^]/g;

/** Where a file of the log lies: paths are percent-encoded, mostly relative to the table. */
export function dataFilePath(table: string, encoded: string): string {
  try {
    if (encoded.startsWith('file:')) return fileURLToPath(encoded);
    if (!/^[a-z][a-z0-9+.-]*:\//i.test(encoded)) return path.resolve(table, decodeURIComponent(encoded));
  } catch (cause) {
    throw new PrecisError('delta', {
      found: `the log of ${table} names the file ${encoded}`,
      expected: 'a percent-encoded path',
      cause,
    });
  }
  throw new PrecisError('delta', {
    found: `the log of ${table} names the file ${encoded}`,
    expected: 'a file on this machine',
    action: 'copy the table with its data files',
  });
}

/** A relative path as the log writes it. */
export function encodedPath(relative: string): string {
  return relative
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%3D', '='))
    .join('/');
}

/** `country=DE/day=2020-01-31`, or nothing for a table without partitions. */
export function partitionFolder(columns: readonly string[], values: Readonly<Record<string, string | null>>): string {
  return columns.map((name) => `${escaped(name)}=${folderName(values[name])}`).join('/');
}

function folderName(value: string | null): string {
  return value === null ? NULL_FOLDER : escaped(value);
}

function escaped(text: string): string {
  return text.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
