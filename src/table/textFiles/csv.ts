import { realpathSync } from 'node:fs';
import { Field, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import { RowRange } from '../rowRange.js';
import type { ReadOptions, ReadRequest, Source } from '../types.js';
import { type CsvDialect, csvDialect } from './csvDialect.js';
import { CsvRecords } from './csvRecords.js';
import { Utf8Builder } from './utf8Builder.js';

const BATCH_ROWS = 8192;
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * CSV by RFC 4180. Every column is text, as it stands in the file: what looks like a number keeps its zeros and spaces. A field with nothing in it is
 * null, "" is an empty text. Blank lines are skipped, but in a file of one column they are its nulls.
 */
export async function openCsv(path: string, options: ReadOptions = {}): Promise<Source> {
  const dialect = csvDialect(path, options);
  const names = await columnNames(path, dialect);
  const schema = new Schema(names.map((name) => new Field(name, new Utf8(), true)));
  return {
    label: path,
    schema,
    files: [realPath(path)],
    batches: (request) => readBatches(path, dialect, schema, request ?? {}),
  };
}

async function columnNames(path: string, dialect: CsvDialect): Promise<string[]> {
  const records = await CsvRecords.open(path, dialect);
  try {
    if (!(await records.first())) {
      throw new PrecisError('csv', {
        found: `${path} is empty`,
        expected: dialect.header ? 'a first line that names the columns' : 'at least one row',
      });
    }
    if (!dialect.header) return Array.from({ length: records.cells }, (_, i) => `column_${i + 1}`);
    const names = records.texts();
    checkNames(path, records.line, names);
    return names;
  } finally {
    await records.close();
  }
}

function checkNames(path: string, line: number, names: readonly string[]): void {
  const problem = (found: string) =>
    new PrecisError('csv', {
      found: `${path} line ${line}: ${found}`,
      expected: 'a first line that names each column',
      action: 'name them, or say that the file has no header',
    });
  const empty = names.indexOf('');
  if (empty >= 0) throw problem(`column ${empty + 1} has no name`);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0) {
    throw problem(`columns ${names.indexOf(names[twice]) + 1} and ${twice + 1} are both named ${names[twice]}`);
  }
}

async function* readBatches(
  path: string,
  dialect: CsvDialect,
  schema: Schema,
  request: ReadRequest,
): AsyncGenerator<RecordBatch> {
  const width = schema.fields.length;
  const wanted = (request.columns ?? schema.names).map((name) => schema.names.indexOf(name as string));
  const fields = wanted.map((column) => schema.fields[column]);
  const asked = new Schema(fields);
  const builders = wanted.map(() => new Utf8Builder());
  const range = new RowRange(request);
  const finish = (length: number) => {
    const children = builders.map((builder) => builder.finish());
    return new RecordBatch(asked, makeData({ type: new Struct(fields), length, nullCount: 0, children }));
  };

  const records = await CsvRecords.open(path, dialect, request.signal);
  try {
    if (dialect.header) await records.first();
    let inBatch = 0;
    while (!range.isOver) {
      if (!records.advance()) {
        if (await records.refill()) continue;
        break;
      }
      if (records.cells !== width) {
        if (!records.blank) throw ragged(path, records, width, dialect);
        records.row--;
        continue;
      }
      if (range.skips(1)) continue;
      range.take(1);
      let bytes = 0;
      for (let i = 0; i < wanted.length; i++) {
        records.copyCell(wanted[i], builders[i]);
        bytes += builders[i].byteLength;
      }
      if (++inBatch < BATCH_ROWS && bytes < BATCH_BYTES) continue;
      yield finish(inBatch);
      inBatch = 0;
    }
    if (inBatch > 0) yield finish(inBatch);
  } finally {
    await records.close();
  }
}

function ragged(path: string, records: CsvRecords, width: number, { header, delimiter }: CsvDialect): PrecisError {
  return new PrecisError('csv', {
    found: `${path} line ${records.line}: ${records.cells} fields`,
    expected: `${width} as in ${header ? 'the header' : 'the first row'}`,
    action: `quote fields that hold ${JSON.stringify(delimiter)} or a line break, or name the delimiter if it is another`,
  });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw readProblem(error, path, 'csv');
  }
}
