import type { RecordBatch, Schema } from 'apache-arrow';
import { compareTypes } from 'apache-arrow/visitor/typecomparator';
import { PrecisError } from '../errors.js';
import { selectColumns } from './columns.js';
import type { Sink, Source, WriteOptions, WriteResult } from './types.js';

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

/** New rows must have the columns of the old ones, in any order. */
export function checkSameColumns(target: string, old: Schema, added: Schema): void {
  const details = [...differences(old, added)];
  if (details.length === 0) return;
  throw new PrecisError('output', {
    found: `${target} has other columns than the rows to append`,
    expected: 'the same names and types',
    action: 'select or rename columns, or write to another name',
    details,
  });
}

function* differences(old: Schema, added: Schema): Generator<string> {
  for (const { name, type } of old.fields) {
    const other = added.fields.find((field) => field.name === name);
    if (!other) yield `${name}: missing in the rows to append`;
    else if (!isSameType(type, other.type)) yield `${name}: ${type} there, ${other.type} in the rows to append`;
  }
  for (const { name } of added.fields) {
    if (!old.fields.some((field) => field.name === name)) yield `${name}: missing there`;
  }
}

/** Dictionaries are numbered by whoever reads them; the number says nothing. */
function isSameType(a: Schema['fields'][number]['type'], b: Schema['fields'][number]['type']): boolean {
  return String(a) === String(b) || compareTypes(a, b);
}
