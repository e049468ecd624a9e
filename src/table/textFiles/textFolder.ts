import { isUtf8 } from 'node:buffer';
import { readdirSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Field, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import { sorted } from '../fileNames.js';
import { RowRange } from '../rowRange.js';
import type { ReadRequest, Source } from '../types.js';
import { Utf8Builder } from './utf8Builder.js';

const SCHEMA = new Schema([new Field('file_name', new Utf8(), false), new Field('text', new Utf8(), false)]);
const BATCH_ROWS = 1024;
const BATCH_BYTES = 8 * 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Each *.txt of a folder is a row: its name and its whole text without a byte order mark. Nothing is read before it is asked for. */
export async function openTextFolder(folder: string): Promise<Source> {
  const names = textNames(folder);
  const files = names.map((name) => realpathSync(path.join(folder, name)));
  return {
    label: folder,
    schema: SCHEMA,
    rows: names.length,
    files: [realpathSync(folder), ...files],
    parts: async () => files.map((file) => ({ file, rows: 1 })),
    batches: (request) => readTexts(folder, names, request ?? {}),
  };
}

function textNames(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && /^[^._].*\.txt$/i.test(entry.name));
    if (files.length > 0) return sorted(files.map((file) => file.name));
  } catch (error) {
    throw readProblem(error, folder, 'table');
  }
  throw new PrecisError('table', { found: `${folder} holds no .txt file`, expected: 'at least one' });
}

async function* readTexts(folder: string, names: readonly string[], request: ReadRequest): AsyncGenerator<RecordBatch> {
  const columns = request.columns ?? ['file_name', 'text'];
  const fields = columns.map((name) => SCHEMA.fields.find((field) => field.name === name)!);
  const schema = new Schema(fields);
  const builders = columns.map(() => new Utf8Builder());
  const { start, end: last } = new RowRange(request).take(names.length);
  for (let row = start, inBatch = 0; row < last; row++) {
    request.signal?.throwIfAborted();
    for (const [i, column] of columns.entries()) {
      const bytes = column === 'text' ? await textOf(path.join(folder, names[row])) : Buffer.from(names[row]);
      builders[i].add(bytes, 0, bytes.length);
      builders[i].next();
    }
    inBatch++;
    if (row + 1 < last && inBatch < BATCH_ROWS && builders.every(({ byteLength }) => byteLength < BATCH_BYTES))
      continue;
    const children = builders.map((builder) => builder.finish());
    const type = new Struct(fields);
    yield new RecordBatch(schema, makeData({ type, length: inBatch, nullCount: 0, children }));
    inBatch = 0;
  }
}

async function textOf(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw readProblem(error, file, 'table');
  }
  if (!isUtf8(bytes)) {
    throw new PrecisError('table', {
      found: `${file} is not valid UTF-8`,
      expected: 'text in UTF-8',
      action: 'convert it, for example with iconv',
    });
  }
  return bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
}
