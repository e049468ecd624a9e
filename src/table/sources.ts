import fs from 'node:fs';
import path from 'node:path';
import { PrecisError } from '../errors.js';
import { isDeltaFolder } from './delta/logFolder.js';
import { expandGlob, isGlob, listDataFiles } from './fileNames.js';
import { fileFormat, openFile } from './formats.js';
import { openManyFiles } from './manyFiles.js';
import { statIfThere } from './output/statIfThere.js';
import { openTextFolder } from './textFiles/textFolder.js';
import type { ReadOptions, Source } from './types.js';
import { requireTable, warehousePath } from './warehouse.js';

/** Opens whatever a location names: see readTable. What exists under the name comes before what the name could mean. */
export async function openSource(location: string, options: ReadOptions = {}): Promise<Source> {
  if (location === '-') {
    refuseForStdin(options);
    const { openArrowPipe } = await import('./arrow/arrowSource.js');
    return openArrowPipe(process.stdin, 'stdin');
  }
  const found = statIfThere(location);
  if (found?.isDirectory() && isDeltaFolder(location)) return openTable(location, location, options);
  if (!found && warehousePath(location) !== null) return openTable(requireTable(location), location, options);
  refuseVersion(location, options);
  if (found?.isDirectory()) return openFolder(location, options);
  if (found) return openFile(location, options);
  if (isGlob(location)) return openMany(expandGlob(location), location, options);
  return openFile(location, options);
}

function refuseForStdin({ format, version }: ReadOptions): void {
  if (version === undefined && (format === undefined || format === 'arrows')) return;
  throw new PrecisError('table', {
    found: version === undefined ? `format ${format} for standard input` : `version ${version} of standard input`,
    expected: 'an Arrow stream, which alone can be read there',
    action: 'read a file instead',
  });
}

async function openTable(folder: string, label: string, { version }: ReadOptions): Promise<Source> {
  const { openDelta } = await import('./delta/open.js');
  const source = await openDelta(folder, { version });
  return { ...source, label: version === undefined ? label : `${label} (version ${version})` };
}

function refuseVersion(location: string, { version, format }: ReadOptions): void {
  if (version === undefined && format !== 'delta') return;
  throw new PrecisError('table', {
    found: `${location} is no Delta table`,
    expected: version === undefined ? 'a Delta table' : `a Delta table, which alone has versions such as ${version}`,
  });
}

async function openFolder(folder: string, options: ReadOptions): Promise<Source> {
  const files = options.format === 'text' ? [] : listDataFiles(folder);
  if (files.every((file) => path.extname(file).toLowerCase() === '.txt')) return openTextFolder(folder);
  return openMany(files, folder, options);
}

function openMany(files: readonly string[], label: string, options: ReadOptions): Promise<Source> {
  const formats = new Set(files.map((file) => fileFormat(file, options.format)));
  if (formats.size > 1) {
    const extensions = [...new Set(files.map((file) => path.extname(file)))];
    throw new PrecisError('table', {
      found: `${label} holds files of several formats: ${extensions.join(' ')}`,
      expected: 'one format',
      action: `name one by a pattern, such as '${path.join(fs.existsSync(label) ? label : path.dirname(label), `*${extensions[0]}`)}'`,
    });
  }
  return openManyFiles(files, label, (file) => openFile(file, options));
}
