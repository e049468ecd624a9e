import type { Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { checkSchema } from './arrow/arrowSchema.js';
import { isDeltaFolder } from './delta/logFolder.js';
import { fileFormat, openFile } from './formats.js';
import { createFileMergeSink } from './merge/fileMerge.js';
import { appending, checkSameColumns, jointColumns } from './output/appendSink.js';
import { publishing } from './output/publish.js';
import { realTarget } from './output/realTarget.js';
import { statIfThere } from './output/statIfThere.js';
import { appendingText } from './textFiles/appendText.js';
import type { Sink, WriteOptions } from './types.js';
import { warehousePath } from './warehouse.js';

/** Where a table is written: a file by its extension, a Delta table by its folder or its name, or `-` for an Arrow stream on standard output. */
export async function openSink(target: string, schema: Schema, options: WriteOptions = {}): Promise<Sink> {
  checkSchema(schema, 'the table to write', 'table');
  if (target === '-') {
    checkPipe(options);
    const { createArrowPipeSink } = await import('./arrow/arrowSink.js');
    return createArrowPipeSink(process.stdout, 'stdout', schema, options);
  }
  const table = deltaFolder(target, options);
  if (table === null) return openFileSink(target, schema, options);
  const { createDeltaSink } = await import('./delta/sink.js');
  return named(await createDeltaSink(table, schema, options), target);
}

function checkPipe({ mode, format, transaction }: WriteOptions): void {
  if (transaction) throw noTransaction('standard output');
  const isOther = format !== undefined && format !== 'arrows';
  if (!isOther && mode !== 'append' && mode !== 'merge') return;
  throw new PrecisError('output', {
    found: isOther ? `format ${format} for standard output` : `${mode} for standard output`,
    expected: isOther ? 'arrows: standard output is an Arrow stream' : 'a file or a table, which has rows already',
  });
}

/** The folder of the Delta table that a target names, whether it is there or not; null if it names a file. */
export function deltaFolder(target: string, options: WriteOptions = {}): string | null {
  if (options.format === 'delta') return target;
  const found = statIfThere(target);
  if (!found) return warehousePath(target);
  return found.isDirectory() && isDeltaFolder(target) ? target : null;
}

async function openFileSink(target: string, schema: Schema, options: WriteOptions): Promise<Sink> {
  const { mode, onReady } = options;
  if (options.transaction) throw noTransaction(target);
  const format = fileFormat(target, options.format);
  const found = mode === 'append' || mode === 'merge' ? statIfThere(realTarget(target)) : undefined;
  // An empty file of text is what a table without rows or columns may have left.
  const old = found !== undefined && !(mode === 'append' && format.joins && found.size === 0);
  if (mode === 'merge' && !old) {
    throw new PrecisError('output', { found: `${target} is not there`, expected: 'the table to merge into' });
  }
  if (!old) return publishing(target, options, (temporary) => format.create(temporary, schema, options));
  const { delimiter, header, signal } = options;
  const source = await openFile(target, { format: options.format, delimiter, header, signal });
  const quiet = { ...options, onRows: undefined };
  const create = (columns: Schema) =>
    publishing(target, { mode: 'overwrite', onReady }, (temporary) => format.create(temporary, columns, quiet));
  if (mode === 'merge') return createFileMergeSink(source, schema, options, create);
  if (format.joins) {
    return appendingText(target, source, schema, format.joins, options, (columns) =>
      publishing(target, { mode: 'overwrite', onReady }, (temporary) =>
        format.create(temporary, columns, options, target),
      ),
    );
  }
  checkSameColumns(target, source.schema, schema);
  return appending(source, await create(jointColumns(source.schema, schema)), options);
}

function noTransaction(target: string): PrecisError {
  return new PrecisError('output', {
    found: `a transaction for ${target}`,
    expected: 'a Delta table, which alone has them',
  });
}

/** The result says the name that the user gave. */
function named(sink: Sink, target: string): Sink {
  return {
    write: (batch) => sink.write(batch),
    publish: async () => ({ ...(await sink.publish()), target }),
    abort: () => sink.abort(),
  };
}
