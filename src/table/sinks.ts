import fs from 'node:fs';
import type { Schema } from 'apache-arrow';
import { appending, checkSameColumns } from './appendSink.js';
import { checkSchema } from './arrowSchema.js';
import { fileFormat, openFile } from './formats.js';
import { publishing, realTarget } from './publish.js';
import type { Sink, WriteOptions } from './types.js';

/** Where a table is written: a file by its extension, or `-` for an Arrow stream on standard output. */
export async function openSink(target: string, schema: Schema, options: WriteOptions = {}): Promise<Sink> {
  checkSchema(schema, 'the table to write', 'table');
  if (target === '-') {
    const { createArrowPipeSink } = await import('./arrowSink.js');
    return createArrowPipeSink(process.stdout, 'stdout', schema, options);
  }
  const format = fileFormat(target, options.format);
  const old = options.mode === 'append' && fs.existsSync(realTarget(target)) ? await openFile(target, options) : null;
  if (!old) return publishing(target, options, (temporary) => format.create(temporary, schema, options));
  checkSameColumns(target, old.schema, schema);
  const quiet = { ...options, onRows: undefined };
  const sink = await publishing(target, options, (temporary) => format.create(temporary, old.schema, quiet));
  return appending(old, sink, options);
}
