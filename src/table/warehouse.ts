import fs from 'node:fs';
import path from 'node:path';
import { nearestName, PrecisError } from '../errors.js';
import { homePath } from '../files/home.js';
import { isDeltaFolder } from './delta/logFolder.js';

const NAME = /^[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+$/i;
/** `monthly.report.csv` is a file: a table of the warehouse cannot have such a last name. */
const FILE_ENDING = /\.(parquet|arrow|arrows|feather|ipc|csv|tsv|jsonl|ndjson|json|txt|gz|zst)$/i;

/**
 * Where the table of a three-level name (`main.default.m41_prod_data`) lies; null if the text is no such name. Names are made of
 * letters, digits and underscores and are one whatever their case: folders are in lower case.
 */
export function warehousePath(name: string): string | null {
  if (!NAME.test(name) || FILE_ENDING.test(name)) return null;
  return path.join(warehouse(), ...name.toLowerCase().split('.'));
}

/** The folder of a table that has to be there; if it is not, the error names the nearest ones. */
export function requireTable(name: string): string {
  const folder = warehousePath(name);
  if (folder !== null && isDeltaFolder(folder)) return folder;
  const tables = listTables();
  const nearest = nearestName(name.toLowerCase(), tables);
  const shown = tables.slice(0, 10).join(', ') + (tables.length > 10 ? ', ...' : '');
  throw new PrecisError('table', {
    found: `there is no table ${name} in ${warehouse()}`,
    expected: tables.length > 0 ? `one of ${shown}` : 'a table that was saved before: there is none yet',
    action: nearest === null ? undefined : `did you mean ${nearest}?`,
  });
}

/** The names of all tables in the warehouse, sorted. */
export function listTables(): string[] {
  const root = warehouse();
  return foldersIn(root).flatMap((catalog) =>
    foldersIn(path.join(root, catalog)).flatMap((schema) =>
      foldersIn(path.join(root, catalog, schema))
        .filter((table) => isDeltaFolder(path.join(root, catalog, schema, table)))
        .map((table) => `${catalog}.${schema}.${table}`),
    ),
  );
}

function warehouse(): string {
  return path.join(homePath(), 'warehouse');
}

function foldersIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
