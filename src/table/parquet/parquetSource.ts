import { realpathSync } from 'node:fs';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { RecordBatch as WasmBatch } from 'parquet-wasm';
import { PrecisError } from '../../errors.js';
import { checkSchema, readSchemaMessage } from '../arrow/arrowSchema.js';
import { batchFromIpc, batchOf, selectFields } from '../columns.js';
import { castData, recastSchema, withoutViews } from '../data/castData.js';
import { RowRange } from '../rowRange.js';
import type { ReadRequest, Source } from '../types.js';
import { OpenParquet } from './parquetFile.js';
import { countOldTimes } from './parquetFooter.js';
import { instantSchema } from './parquetInstants.js';
import { withOriginalZones } from './parquetZones.js';

/** A batch is large enough to cost nothing by itself and small enough that a few of them fit anywhere. */
const BATCH_ROWS = 32_768;
const BATCH_BYTES = 8 * 1024 * 1024;
/**
 * Of a large row group this much is read at a time, if its pages can be found one by one. parquet-wasm needs about four times as much.
 */
const WINDOW_BYTES = 24 * 1024 * 1024;
/** parquet-wasm takes a row group's columns into its memory, of 4 GB at most, several times over. */
const LARGE_GROUP = 600 * 1024 * 1024;

interface RowGroup {
  readonly rows: number;
  /** Of its values, before compression. */
  readonly bytes: number;
  readonly compressedBytes: number;
}

export interface ParquetReadOptions {
  /** Reads 96-bit times as instants in microseconds, which is what they are in a Delta table. */
  readonly instants?: boolean;
}

/** A Parquet file, read row group by row group and of these only the columns that are asked for. */
export async function openParquet(path: string, { instants = false }: ParquetReadOptions = {}): Promise<Source> {
  const file = await OpenParquet.open(path);
  try {
    const groups = file.engine.call(() => readGroups(file));
    const plain = readSchema(file);
    const hint = instants ? instantSchema(plain, countOldTimes(await file.footer())) : null;
    const schema = hint ?? plain;
    const { stamp } = file;
    return {
      label: path,
      schema,
      rows: groups.reduce((sum, group) => sum + group.rows, 0),
      files: [realpathSync(path)],
      batches: (request = {}) => readBatches({ path, stamp, schema, hint, groups }, request),
    };
  } finally {
    await file.close();
  }
}

function readGroups(file: OpenParquet): RowGroup[] {
  const metadata = file.parquet.metadata();
  const groups = metadata.rowGroups().map((group) => {
    const found = {
      rows: group.numRows(),
      bytes: group.totalByteSize(),
      compressedBytes: group.compressedSize(),
    };
    group.free();
    return found;
  });
  metadata.free();
  return groups;
}

function readSchema(file: OpenParquet): Schema {
  try {
    const message = file.engine.call(() => file.parquet.schema().intoIPCStream());
    const schema = readSchemaMessage(message, file.path, 'parquet');
    const original = file.parquet.metadata().fileMetadata().keyValueMetadata().get('ARROW:schema');
    checkSchema(schema, file.path, 'parquet');
    return recastSchema(withOriginalZones(schema, original), withoutViews);
  } catch (error) {
    throw error instanceof PrecisError ? error : file.problem(error, 'the schema');
  }
}

interface Opened {
  readonly path: string;
  readonly stamp: string;
  readonly schema: Schema;
  /** What the file is to be told that its columns are. */
  readonly hint: Schema | null;
  readonly groups: readonly RowGroup[];
}

async function* readBatches(opened: Opened, request: ReadRequest): AsyncGenerator<RecordBatch> {
  const schema = request.columns ? selectFields(opened.schema, request.columns, opened.path) : opened.schema;
  const range = new RowRange(request);
  const isLarge = opened.groups.some((group) => windowRows(group) < group.rows);
  const file = await OpenParquet.open(opened.path, opened.hint, isLarge);
  try {
    if (file.stamp !== opened.stamp) {
      throw new PrecisError('parquet', {
        found: `${opened.path} changed since it was opened`,
        expected: 'a file that stays as it is while it is read',
        action: 'run again',
      });
    }
    for (const [number, group] of opened.groups.entries()) {
      if (range.isOver) return;
      if (range.skips(group.rows)) continue;
      const { start: first, end } = range.take(group.rows);
      const step = file.hasPageIndex ? windowRows(group) : group.rows;
      for (let start = first; start < end; start += step) {
        const window = { number, start, rows: Math.min(step, end - start) };
        yield* readWindow(file, window, group, schema, request.signal);
      }
    }
  } finally {
    await file.close();
  }
}

/** Rows of a row group, which is the number-th of its file. */
interface Window {
  readonly number: number;
  readonly start: number;
  readonly rows: number;
}

function windowRows({ rows, compressedBytes }: RowGroup): number {
  return compressedBytes <= WINDOW_BYTES ? rows : Math.ceil((rows * WINDOW_BYTES) / compressedBytes);
}

async function* readWindow(
  file: OpenParquet,
  { number, start, rows }: Window,
  group: RowGroup,
  schema: Schema,
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch> {
  if (schema.fields.length === 0) {
    yield batchOf(schema, [], rows);
    return;
  }
  const part = `row group ${number + 1}${group.compressedBytes > LARGE_GROUP ? ', which is very large,' : ''}`;
  const perRow = Math.max(1, group.bytes / Math.max(1, group.rows));
  const options = {
    rowGroups: [number],
    batchSize: Math.max(1, Math.min(BATCH_ROWS, Math.ceil(BATCH_BYTES / perRow), rows)),
    offset: start > 0 ? start : undefined,
    limit: rows < group.rows ? rows : undefined,
    columns: schema.fields.map((field) => String(field.name)),
    concurrency: 1,
  };
  let stream: ReadableStream<WasmBatch>;
  try {
    stream = await file.engine.guard(file.parquet.stream(options));
  } catch (error) {
    throw file.problem(error, part);
  }
  const reader = stream.getReader();
  let done = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await file.engine.guard(reader.read()).catch((error) => {
        throw file.problem(error, part);
      });
      if (next.done) break;
      const batch = fromWasm(next.value, schema, file, part);
      done += batch.numRows;
      yield batch;
    }
  } finally {
    if (!file.engine.isBroken) await reader.cancel().catch(() => {});
  }
  if (done < rows) throw file.problem(new Error(`it has ${done} rows where the footer says ${rows}`), part);
}

/** Its bytes are copied out of WebAssembly memory, which is thereby freed. The file's schema, unlike a batch's, has the file's metadata. */
function fromWasm(wasm: WasmBatch, schema: Schema, file: OpenParquet, part: string): RecordBatch {
  const batch = decode(wasm, file, part);
  const children = schema.fields.map(({ name, type }) => {
    const at = batch.schema.fields.findIndex((field) => field.name === name);
    if (at >= 0) return castData(batch.data.children[at], type);
    throw file.problem(new Error(`it has no column ${name}`), part);
  });
  return batchOf(schema, children, batch.numRows);
}

function decode(wasm: WasmBatch, file: OpenParquet, part: string): RecordBatch {
  try {
    return batchFromIpc(file.engine.call(() => wasm.intoIPCStream()));
  } catch (error) {
    throw file.problem(error, part);
  }
}
