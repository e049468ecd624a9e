import fs from 'node:fs';
import path from 'node:path';
import type { Schema } from 'apache-arrow';
import { nearestName, PrecisError } from '../errors.js';
import { stampOf, unchanged } from './output/unchanged.js';
import { asPart } from './parts.js';
import { type Joins, joinsAsJson, joinsAsText } from './textFiles/appendText.js';
import type { FormatName, ReadOptions, Sink, Source, WriteOptions } from './types.js';

/** How files of a format are opened and made. Loaded when one is met: nobody waits for formats that are not used. */
interface FileFormat {
  open(path: string, options: ReadOptions): Promise<Source>;
  /** Of text: `old` names a file whose bytes come first. */
  create(path: string, schema: Schema, options: WriteOptions, old?: string): Promise<Sink>;
  /** Of text: which types may share a column. */
  readonly joins?: Joins;
}

type FileFormatName = Exclude<FormatName, 'delta' | 'text'>;

const openArrow = async (path: string) => (await import('./arrow/arrowSource.js')).openArrow(path);

const FORMATS: Readonly<Record<FileFormatName, FileFormat>> = {
  parquet: {
    open: async (path) => (await import('./parquet/parquetSource.js')).openParquet(path),
    create: async (path, schema, options) =>
      (await import('./parquet/parquetSink.js')).createParquetSink(path, schema, options),
  },
  arrow: {
    open: openArrow,
    create: async (path, schema, options) =>
      (await import('./arrow/arrowSink.js')).createArrowFileSink(path, schema, options),
  },
  arrows: {
    open: openArrow,
    create: async (path, schema, options) =>
      (await import('./arrow/arrowSink.js')).createArrowStreamSink(path, schema, options),
  },
  csv: {
    open: async (path, options) => (await import('./textFiles/csv.js')).openCsv(path, options),
    create: async (...given) => (await import('./textFiles/csvWriter.js')).createCsvSink(...given),
    joins: joinsAsText,
  },
  tsv: {
    open: async (path, options) => (await import('./textFiles/csv.js')).openCsv(path, { delimiter: '\t', ...options }),
    create: async (path, schema, options, old) =>
      (await import('./textFiles/csvWriter.js')).createCsvSink(path, schema, { delimiter: '\t', ...options }, old),
    joins: joinsAsText,
  },
  jsonl: {
    open: async (path) => (await import('./textFiles/jsonl.js')).openJsonl(path),
    create: async (...given) => (await import('./textFiles/jsonlWriter.js')).createJsonlSink(...given),
    joins: joinsAsJson,
  },
};

const EXTENSIONS: Readonly<Record<string, FileFormatName>> = {
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.arrow': 'arrow',
  '.feather': 'arrow',
  '.ipc': 'arrow',
  '.arrows': 'arrows',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

export function fileFormat(location: string, format?: FormatName): FileFormat {
  if (format && format in FORMATS) return FORMATS[format as FileFormatName];
  if (format) {
    throw new PrecisError('table', {
      found: `format ${format} for ${location}`,
      expected: format === 'text' ? 'a folder of texts to read: it is not written' : 'a folder',
    });
  }
  const extension = path.extname(location).toLowerCase();
  const name = EXTENSIONS[extension];
  if (name) return FORMATS[name];
  const known = Object.keys(EXTENSIONS);
  const nearest = extension === '' ? null : nearestName(extension, known);
  throw new PrecisError('table', {
    found: extension === '' ? `${location} has no extension` : `${location} has the unknown extension ${extension}`,
    expected: `one of ${known.join(' ')}, a folder, a name such as main.default.documents, or - for a pipe`,
    action: nearest ? `did you mean ${nearest}?` : undefined,
  });
}

/** Opens a file that is there. */
export async function openFile(location: string, options: ReadOptions = {}): Promise<Source> {
  const format = fileFormat(location, options.format);
  if (!fs.existsSync(location)) {
    throw new PrecisError('table', { found: `${location} is not there`, expected: 'a file, a folder or a table' });
  }
  const stamp = stampOf(location);
  return asPart(unchanged(await format.open(location, options), location, stamp));
}
