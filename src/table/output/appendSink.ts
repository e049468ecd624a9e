import { type DataType, type RecordBatch, Schema } from 'apache-arrow';
import { compareTypes } from 'apache-arrow/visitor/typecomparator';
import { PrecisError } from '../../errors.js';
import { selectColumns } from '../columns.js';
import type { Sink, Source, WriteOptions, WriteResult } from '../types.js';

/** A file that is appended to is written anew, the old rows first: it is never seen with half of the new ones. */
export async function appending(old: Source, sink: Sink, options: WriteOptions): Promise<Sink> {
  const columns = old.schema.fields.map(({ name }) => String(name));
  try {
    for await (const batch of old.batches({ signal: options.signal })) await sink.write(batch);
  } catch (error) {
    await sink.abort();
    throw error;
  }
  let rows = 0;
  return {
    async write(batch: RecordBatch): Promise<void> {
      await sink.write(selectColumns(batch, columns));
      rows += batch.numRows;
      options.onRows?.(rows);
    },
    async publish(): Promise<WriteResult> {
      return { ...(await sink.publish()), rows };
    },
    abort: () => sink.abort(),
  };
}

/** The old columns, where one may be null if it may be among the new rows. */
export function jointColumns(old: Schema, added: Schema): Schema {
  const fields = old.fields.map((field) => {
    const nullable = field.nullable || added.fields.some(({ name, nullable }) => name === field.name && nullable);
    return field.clone({ nullable });
  });
  return new Schema(fields, jointMetadata(old, added));
}

/** The file's own, with what precis says of how the new rows were made: their other entries are of another file. */
export function jointMetadata(old: Schema, added: Schema): Map<string, string> {
  return new Map([...old.metadata, ...[...added.metadata].filter(([key]) => key.startsWith('precis.'))]);
}

/** New rows must have the columns of the old ones, in any order. */
export function checkSameColumns(
  target: string,
  old: Schema,
  added: Schema,
  isSame: (old: DataType, added: DataType) => boolean = isSameType,
): void {
  const details = [...differences(old, added, isSame)];
  if (details.length === 0) return;
  throw new PrecisError('output', {
    found: `${target} has other columns than the rows to append`,
    expected: 'the same names and types',
    action: 'select or rename columns, or write to another name',
    details,
  });
}

function* differences(
  old: Schema,
  added: Schema,
  isSame: (old: DataType, added: DataType) => boolean,
): Generator<string> {
  for (const { name, type } of old.fields) {
    const other = added.fields.find((field) => field.name === name);
    if (!other) yield `${name}: missing in the rows to append`;
    else if (!isSame(type, other.type)) yield `${name}: ${type} there, ${other.type} in the rows to append`;
  }
  for (const { name } of added.fields) {
    if (!old.fields.some((field) => field.name === name)) yield `${name}: missing there`;
  }
}

/** Dictionaries are numbered by whoever reads them; the number says nothing. */
export function isSameType(a: DataType, b: DataType): boolean {
  return String(a) === String(b) || compareTypes(a, b);
}
