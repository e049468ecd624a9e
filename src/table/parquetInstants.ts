import { DataType, RecordBatchStreamWriter, type Schema, TimestampMicrosecond, TimeUnit } from 'apache-arrow';
import { type Recast, recastSchema } from './castData.js';

/** The old 96-bit times arrive as nanoseconds without a zone. */
const asInstants: Recast = (type) =>
  DataType.isTimestamp(type) && type.unit === TimeUnit.NANOSECOND && !type.timezone
    ? new TimestampMicrosecond('UTC')
    : null;

/**
 * Spark writes instants as 96-bit times. Counted in nanoseconds, as they are read by default, they overflow before 1677 and after
 * 2262, without a word; 9999-12-31 is common. A schema that says microseconds has them read as such. Null if there are no such columns.
 */
export function instantSchema(schema: Schema): Schema | null {
  const instants = recastSchema(schema, asInstants);
  return instants.fields.some((field, i) => field !== schema.fields[i]) ? instants : null;
}

/** What writers that know Arrow keep in a file's metadata as `ARROW:schema`. */
export function schemaEntry(schema: Schema): string {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  return Buffer.from(writer.toUint8Array(true)).toString('base64');
}
