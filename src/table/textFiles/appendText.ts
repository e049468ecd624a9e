import { DataType, type RecordBatch, type Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { isText, selectColumns, selectFields } from '../columns.js';
import { checkSameColumns } from '../output/appendSink.js';
import type { Sink, Source, WriteOptions } from '../types.js';

/** Whether values of a type may stand behind those that were read as the other. */
export type Joins = (old: DataType, added: DataType) => boolean;

/**
 * New rows behind the bytes of a file of text, which stay as they are. What was written as a date or a small number is read back as
 * text or a larger one, so the columns are compared by name, and by type only as far as the format has types.
 */
export async function appendingText(
  target: string,
  old: Source,
  added: Schema,
  joins: Joins,
  options: WriteOptions,
  create: (columns: Schema) => Promise<Sink>,
): Promise<Sink> {
  const columns = options.header === false ? unnamed(target, old.schema, added) : namesOf(old.schema);
  if (options.header !== false) checkSameColumns(target, old.schema, added, joins);
  if (old.rows === undefined) await readThrough(old, options.signal);
  const sink = await create(selectFields(added, columns));
  return {
    write: (batch: RecordBatch) => sink.write(selectColumns(batch, columns)),
    publish: () => sink.publish(),
    abort: () => sink.abort(),
  };
}

/** CSV holds nothing but text. */
export const joinsAsText: Joins = () => true;

/** A column of JSON stays of one kind. */
export const joinsAsJson: Joins = (old, added) => {
  const [ours, theirs] = [jsonKind(old), jsonKind(added)];
  return ours === null || theirs === null || ours === theirs;
};

/** Null of a column that has had no value. */
function jsonKind(type: DataType): string | null {
  if (DataType.isNull(type)) return null;
  if (DataType.isDictionary(type)) return jsonKind(type.dictionary);
  if (isText(type) || DataType.isDate(type) || DataType.isTime(type) || DataType.isTimestamp(type)) return 'text';
  if (DataType.isBool(type)) return 'true or false';
  if (DataType.isStruct(type) || DataType.isMap(type)) return 'object';
  const isList = DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type);
  return isList ? 'list' : 'number';
}

function unnamed(target: string, { fields }: Schema, added: Schema): string[] {
  if (added.fields.length === fields.length) return namesOf(added);
  throw new PrecisError('output', {
    found: `${added.fields.length} columns to append to ${target}`,
    expected: `${fields.length}, as many as it has`,
    action: 'select columns, or write to another name',
  });
}

/** New rows are not put behind a file that nobody could read. */
async function readThrough(old: Source, signal?: AbortSignal): Promise<void> {
  const rows = old.batches({ columns: [], signal })[Symbol.asyncIterator]();
  while (!(await rows.next()).done);
}

function namesOf({ fields }: Schema): string[] {
  return fields.map(({ name }) => String(name));
}
