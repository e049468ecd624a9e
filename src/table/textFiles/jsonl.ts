import { realpathSync } from 'node:fs';
import { RecordBatch, Schema, Struct } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { RowRange } from '../rowRange.js';
import type { ReadRequest, Source } from '../types.js';
import { StructColumn } from './jsonColumns.js';
import { JsonLines } from './jsonLines.js';
import { JsonShape } from './jsonShape.js';

const BATCH_ROWS = 8192;
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * One JSON object a line. The columns are those of all rows together, found by one pass over the whole file: true and false are bool, whole numbers int64 (uint64 where that is
 * needed), other numbers float64, lists and objects are lists and structs, a key that is absent is null. A column whose values are of several kinds is carried as JSON text, as it stands
 * in the file, and so are whole numbers that would lose digits; a fraction is the nearest float64.
 */
export async function openJsonl(path: string): Promise<Source> {
  const { schema, rows } = await survey(path);
  return {
    label: path,
    schema,
    rows,
    files: [realpathSync(path)],
    batches: (request) => readBatches(path, schema, request ?? {}),
  };
}

async function survey(path: string): Promise<{ schema: Schema; rows: number }> {
  const shape = new JsonShape(Number.POSITIVE_INFINITY);
  const lines = await JsonLines.open(path);
  try {
    for (;;) {
      if (lines.advance()) lines.read((scanner) => shape.observe(scanner));
      else if (!(await lines.refill())) break;
    }
  } finally {
    await lines.close();
  }
  const fields = shape.fields();
  if (fields.length > 0) return { schema: new Schema(fields), rows: lines.row };
  throw new PrecisError('jsonl', {
    found: `${path} is empty`,
    expected: 'at least one row that has a column',
  });
}

async function* readBatches(path: string, schema: Schema, request: ReadRequest): AsyncGenerator<RecordBatch> {
  const names = request.columns ?? schema.fields.map(({ name }) => name);
  const asked = new Schema(names.map((name) => schema.fields.find((field) => field.name === name)!));
  const column = new StructColumn(new Struct(asked.fields));
  const range = new RowRange(request);
  const lines = await JsonLines.open(path, request.signal);
  try {
    let inBatch = 0;
    while (!range.isOver) {
      if (!lines.advance()) {
        if (await lines.refill()) continue;
        break;
      }
      if (range.skips(1)) continue;
      range.take(1);
      lines.read((scanner) => column.read(scanner));
      if (++inBatch < BATCH_ROWS && column.byteLength < BATCH_BYTES) continue;
      yield new RecordBatch(asked, column.finish() as RecordBatch['data']);
      inBatch = 0;
    }
    if (inBatch > 0) yield new RecordBatch(asked, column.finish() as RecordBatch['data']);
  } finally {
    await lines.close();
  }
}
