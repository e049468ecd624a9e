import fs from 'node:fs';
import { DataType, type Field, type RecordBatch, type Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { batchOf, selectFields } from '../columns.js';
import type { nullData } from '../data/nullData.js';
import { openParquet } from '../parquet/parquetSource.js';
import { RowRange } from '../rowRange.js';
import type { FilePart, ReadRequest, Source } from '../types.js';
import type { AddFile } from './actions.js';
import { castTo } from './cast.js';
import { constantData } from './constantData.js';
import { isDeltaFolder, LOG_FOLDER } from './logFolder.js';
import { dataFilePath } from './paths.js';
import { checkReadable } from './protocol.js';
import { parseValue, type RawValue } from './rawValues.js';
import { arrowSchema, parseSchema } from './schemaString.js';
import { readSnapshot, type Snapshot } from './snapshot.js';

export interface DeltaReadOptions {
  /** The current one by default. */
  readonly version?: number;
}

/** Rows come in the order in which the log adds their files, and within a file as they lie there. */
export async function openDelta(dir: string, options: DeltaReadOptions = {}): Promise<Source> {
  const { snapshot, schema } = await openTable(dir, options.version);
  return {
    label: options.version === undefined ? dir : `${dir} (version ${options.version})`,
    schema,
    rows: countedRows(snapshot.files),
    version: snapshot.version,
    files: filesOf(fs.realpathSync(dir), snapshot.files),
    parts: () => partsOf(fs.realpathSync(dir), snapshot.files),
    batches: (request) => readFiles(snapshot, schema, request),
  };
}

/** A snapshot that can be read, and its columns. */
export async function openTable(dir: string, version?: number): Promise<{ snapshot: Snapshot; schema: Schema }> {
  if (!isDeltaFolder(dir)) {
    throw new PrecisError('delta', { found: `${dir} has no folder ${LOG_FOLDER}`, expected: 'a Delta table' });
  }
  const snapshot = await readSnapshot(dir, version);
  checkReadable(snapshot);
  return { snapshot, schema: arrowSchema(parseSchema(snapshot.metaData.schemaString, dir), dir) };
}

/** The folder and what it is read from: its data files are inputs like any others. */
function filesOf(folder: string, files: readonly AddFile[]): string[] {
  return [folder, ...files.map((file) => dataFilePath(folder, file.path))];
}

async function partsOf(folder: string, files: readonly AddFile[]): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  for (const file of files) parts.push({ file: dataFilePath(folder, file.path), rows: await rowsIn(folder, file) });
  return parts;
}

/** The sum of what the log says, if it says it of every file. */
function countedRows(files: readonly AddFile[]): number | undefined {
  let rows = 0;
  for (const file of files) {
    const count = recordsOf(file);
    if (count === undefined) return undefined;
    rows += count;
  }
  return rows;
}

function recordsOf({ stats }: AddFile): number | undefined {
  if (!stats) return undefined;
  try {
    const { numRecords } = JSON.parse(stats) as { numRecords?: unknown };
    return Number.isSafeInteger(numRecords) ? (numRecords as number) : undefined;
  } catch {
    // Statistics are a help that a table need not have; broken ones are none.
    return undefined;
  }
}

async function* readFiles(
  { table, files, metaData }: Snapshot,
  whole: Schema,
  { columns, signal, ...rows }: ReadRequest = {},
): AsyncIterable<RecordBatch> {
  const schema = columns ? selectFields(whole, columns, table) : whole;
  const range = new RowRange(rows);
  for (const file of files) {
    if (range.isOver) return;
    if (range.isBefore && range.skips(await rowsIn(table, file))) continue;
    const request = { ...range.rest, signal };
    for await (const batch of readDataFile(table, file, schema, metaData.partitionColumns, request)) {
      range.give(batch.numRows);
      yield batch;
    }
  }
}

/** Where the log does not say it, the file does. */
async function rowsIn(table: string, file: AddFile): Promise<number> {
  return recordsOf(file) ?? (await openDataFile(dataFilePath(table, file.path), table)).rows!;
}

/** The rows of one data file as the table's columns: partition columns from the log, columns it lacks as nulls. */
export async function* readDataFile(
  table: string,
  file: AddFile,
  schema: Schema,
  partitionColumns: readonly string[],
  rows: Omit<ReadRequest, 'columns'> = {},
): AsyncIterable<RecordBatch> {
  const path = dataFilePath(table, file.path);
  const source = await openDataFile(path, table);
  const columns = schema.fields.map((field) =>
    partitionColumns.includes(field.name)
      ? constantColumn(field, partitionValue(file, field, path))
      : fileColumn(field, source.schema, path),
  );
  const wanted = columns.flatMap(({ reads }) => (reads === null ? [] : [reads]));
  for await (const batch of source.batches({ ...rows, columns: wanted })) {
    const children = columns.map(({ make }) => make(batch));
    yield batchOf(schema, children, batch.numRows);
  }
}

async function openDataFile(path: string, table: string): Promise<Source> {
  if (fs.existsSync(path)) return openParquet(path, { instants: true });
  throw new PrecisError('delta', {
    found: `the data file ${path} of ${table} is missing`,
    expected: 'all files that the log names',
    action: 'restore it, or read another version: a vacuum may have removed it',
  });
}

interface ColumnReader {
  /** The file's column that it needs. */
  readonly reads: string | null;
  make(batch: RecordBatch): ReturnType<typeof nullData>;
}

function constantColumn(field: Field, value: RawValue | null): ColumnReader {
  return { reads: null, make: ({ numRows }) => constantData(field.type, value, numRows) };
}

function fileColumn(field: Field, schema: Schema, path: string): ColumnReader {
  // Delta's names are one whatever their case.
  const name = schema.fields.find((f) => f.name === field.name) ?? findFolded(schema, field.name);
  if (!name) return constantColumn(field, null);
  const cast = castTo(name.type, field.type, {
    dropFields: true,
    cutNanoseconds: true,
    where: `${path}, ${field.name}`,
  });
  if (!cast) {
    throw new PrecisError('delta', {
      found: `column ${field.name} of ${path} is of type ${name.type}`,
      expected: `${field.type}, as the table's schema says`,
    });
  }
  return { reads: name.name, make: (batch) => cast(batch.getChild(name.name)!.data[0]) };
}

function findFolded(schema: Schema, name: string): Field | undefined {
  return schema.fields.find((field) => String(field.name).toLowerCase() === name.toLowerCase());
}

function partitionValue(file: AddFile, field: Field, path: string): RawValue | null {
  const text = file.partitionValues[field.name];
  // By the protocol an empty text is null, whatever the type.
  if (text === undefined || text === null || text === '') return null;
  const value = parseValue(text, field.type);
  if (value !== undefined) return value;
  throw new PrecisError('delta', {
    found: `the log says ${JSON.stringify(text)} for partition column ${field.name} of ${path}`,
    expected: `a value of type ${DataType.isDecimal(field.type) ? 'decimal' : field.type}`,
  });
}
